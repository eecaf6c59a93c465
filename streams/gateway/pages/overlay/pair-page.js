import { TAG } from "./pair.js";
import { run } from "./page.js";

run(document.querySelector(TAG));
