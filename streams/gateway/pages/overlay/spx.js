/** How SPX presents a graphic to its operator. */

import { FIELDS } from "./commands.js";
import { THEMES } from "./settings.js";

const LAYERS = { standings: "8", pair: "9", record: "12" };
const DESCRIPTIONS = {
  standings: "Slotrit: live standings",
  pair: "Slotrit: the pair on the ice",
  record: "Slotrit: record announcement",
};
const ASKED = {
  race: { ftype: "textfield", title: "Race, empty: the one that is live", value: "" },
  lines: { ftype: "number", title: "Lines a page", value: "10" },
  theme: choice("Theme", THEMES),
  lang: choice("Language", ["en", "nl"]),
  delay: { ftype: "number", title: "Delay in seconds", value: "0" },
  hold: { ftype: "number", title: "Seconds to hold, empty: as usual", value: "" },
  kinds: { ftype: "textfield", title: "Records", value: "WR,OR,NR,TR" },
  page: { ftype: "number", title: "Page", value: "1" },
  rotate: { ftype: "number", title: "Seconds a page, 0: no turning", value: "0" },
};

/** Describe a graphic's fields, numbered as `FIELDS` has them. */
export function templateDefinition(name) {
  return {
    description: DESCRIPTIONS[name],
    playserver: "OVERLAY",
    playchannel: "1",
    playlayer: LAYERS[name],
    webplayout: LAYERS[name],
    steps: "1",
    out: "manual",
    dataformat: "json",
    uicolor: "3",
    DataFields: FIELDS.map((field, number) => ({ field: `f${number}`, ...ASKED[field] })),
  };
}

function choice(title, values) {
  return { ftype: "dropdown", title, value: values[0], items: values.map((value) => ({ text: value, value })) };
}
