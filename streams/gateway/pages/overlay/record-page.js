import { TAG } from "./record.js";
import { run } from "./page.js";

run(document.querySelector(TAG));
