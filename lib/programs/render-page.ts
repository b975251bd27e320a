import { renderPage } from "../../page/render-page";
import { runProgram } from "./run-program";

/** Renders the operator's page. Its input and output contain public values only. */
runProgram("render-page", renderPage);
