import type { PageData } from "../private/page/page-data";
import { renderPage } from "../private/page/render-page";
import { runProgram } from "./run-program";

/** Renders the operator's page. Its input and its output hold public values only. */
runProgram<PageData>("render-page", renderPage);
