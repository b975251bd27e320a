import type { PageData } from "../fleet/page-data";
import { renderPage } from "../../page/render-page";
import { runProgram } from "./run-program";

/** Renders the operator's page. Its input and its output hold public values only. */
runProgram<PageData>("render-page", renderPage);
