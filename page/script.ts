/**
 * What the page does by itself: it works without, only with less comfort. Plain JavaScript, as every browser of the last
 * years has it.
 */
export const SCRIPT = `
"use strict";
const status = document.getElementById("status");
const DAY = 86400000;

async function copy(text, source) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  const label = button.textContent;
  let timer;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    const isCopied = await copy(source.textContent, source);
    button.textContent = isCopied ? "Copied" : "Press Ctrl+C";
    button.classList.toggle("done", isCopied);
    status.textContent = (isCopied ? "Copied: " : "Selected, press Ctrl+C: ") + button.dataset.name;
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = label; button.classList.remove("done"); status.textContent = ""; }, 2500);
  });
}

for (const time of document.querySelectorAll("time[data-counts]")) {
  const days = Math.floor((Date.parse(time.dateTime) - Date.now()) / DAY);
  const text = days < 0 ? "since " + -days + (days === -1 ? " day" : " days") : "in " + days + (days === 1 ? " day" : " days");
  const note = document.createElement("span");
  note.className = days < 0 ? "due" : "muted";
  note.textContent = " " + (days < 0 && time.dataset.counts === "renewal" ? "due " + text : days < 0 ? "expired " + text : text);
  time.after(note);
}

for (const input of document.querySelectorAll("input[data-filters]")) {
  const rows = [...document.getElementById(input.dataset.filters).tBodies[0].rows];
  input.closest(".filter").hidden = false;
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
      shown += row.hidden ? 0 : 1;
    }
    status.textContent = shown + " of " + rows.length + " agents shown";
  });
}

// Only what really scrolls is a stop for the keyboard.
function markScrollers() {
  for (const element of document.querySelectorAll("pre, .scroll")) {
    if (element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}
markScrollers();
addEventListener("resize", markScrollers);
addEventListener("toggle", markScrollers, true);

addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    details.dataset.wasClosed = "";
  }
});
addEventListener("afterprint", () => {
  for (const details of document.querySelectorAll("details[data-was-closed]")) {
    details.open = false;
    delete details.dataset.wasClosed;
  }
});
`;
