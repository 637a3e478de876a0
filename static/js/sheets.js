/** The style of the sheets that are fetched late; whoever imports this stands styled. */

import { make } from "./dom.js";

await new Promise((done) => {
  const link = make("link", { rel: "stylesheet", href: new URL("../css/sheets.css", import.meta.url) });
  link.addEventListener("load", done);
  link.addEventListener("error", done); // plain, but of use
  document.head.append(link);
});
