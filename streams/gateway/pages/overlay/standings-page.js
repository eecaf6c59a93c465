import { TAG } from "./standings.js";
import { run } from "./page.js";

run(document.querySelector(TAG));
