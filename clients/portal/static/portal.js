// Small comforts; every page works without them.
"use strict";

function fold(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
}

function addFilter(list) {
  const options = [...list.querySelectorAll(".option")];
  const box = document.createElement("input");
  box.type = "search";
  box.placeholder = list.dataset.filter;
  box.setAttribute("aria-label", list.dataset.filter);
  box.addEventListener("input", () => {
    const words = fold(box.value).split(/\s+/);
    for (const option of options) {
      option.hidden = !words.every((word) => fold(option.textContent).includes(word));
    }
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.before(box);
}

function addClear(list) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = list.dataset.clear;
  button.addEventListener("click", () => {
    for (const box of list.querySelectorAll("input")) box.checked = false;
  });
  list.after(button);
}

function addCopy(box) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = box.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("code").textContent);
    button.textContent = box.dataset.copied;
    setTimeout(() => { button.textContent = box.dataset.copy; }, 2000);
  });
  box.append(button);
}

for (const list of document.querySelectorAll(".options")) {
  if (list.children.length > 12) addFilter(list);
  addClear(list);
}
if (navigator.clipboard) document.querySelectorAll(".copy-box").forEach(addCopy);
if (matchMedia("(max-width: 56rem)").matches && !document.querySelector(".control details[open]")) {
  document.querySelector(".chooser")?.removeAttribute("open");
}
