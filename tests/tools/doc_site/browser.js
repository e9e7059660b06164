// As much of a browser as the site's scripts use: `node browser.js SITE QUERY [KEY..]` searches from a page in a folder and
// prints what is shown.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");
const [site, query, ...keys] = process.argv.slice(2);

class Element {
  constructor(tag) {
    Object.assign(this, { tagName: tag.toUpperCase(), className: "", children: [], dataset: {}, attributes: {}, listeners: {}, text: "" });
    this.parentNode = null;
    this.classList = { add: (name) => { this.className += " " + name; } };
  }
  addEventListener(kind, act) { (this.listeners[kind] ||= []).push(act); }
  dispatch(kind, event) { (this.listeners[kind] || []).forEach((act) => act(event)); }
  append(...parts) { parts.forEach((part) => { if (part instanceof Element) part.parentNode = this; this.children.push(part); }); }
  set textContent(text) { this.children = text === "" ? [] : [String(text)]; }
  get textContent() { return this.children.map((it) => (it instanceof Element ? it.textContent : it)).join(""); }
  setAttribute(name, value) { this.attributes[name] = String(value); }
  getAttribute(name) { return this.attributes[name] ?? null; }
  removeAttribute(name) { delete this.attributes[name]; }
  contains(other) { for (let at = other; at; at = at.parentNode) if (at === this) return true; return false; }
  closest() { return null; }
  scrollIntoView() {}
  focus() { document.activeElement = this; this.dispatch("focus", {}); }
  blur() { document.activeElement = null; }
  select() {}
  click() { went = this.href; this.dispatch("click", { target: this }); document.dispatch("click", { target: this }); }
}

let went = null;
const document = new Element("document");
document.documentElement = new Element("html");
document.activeElement = null;
document.createElement = (tag) => new Element(tag);
document.querySelector = () => null;
document.querySelectorAll = () => [];
const known = {};
for (const id of ["theme", "menu", "search", "found", "told"]) known[id] = new Element(id === "search" ? "input" : "div");
document.getElementById = (id) => known[id] || null;
known.search.value = "";
known.found.hidden = true;
const box = new Element("div");
box.dataset.root = "../";
box.append(known.search, known.found, known.told);

const stored = {};
const window = new Element("window");
window.matchMedia = () => ({ matches: false, addEventListener() {} });
const context = vm.createContext({
  window, document, URLSearchParams, decodeURIComponent,
  location: { search: query ? "?q=" + encodeURIComponent(query) : "", hash: "" },
  localStorage: { getItem: (key) => stored[key] ?? null, setItem: (key, value) => { stored[key] = value; } },
});
for (const file of ["theme.js", "search.js", "kf.js"]) {
  vm.runInContext(fs.readFileSync(path.join(site, "assets", file), "utf8"), context, { filename: file });
}
for (const key of keys) {
  if (key === "theme") {
    known.theme.dispatch("click", { target: known.theme });
    continue;
  }
  const event = { key, target: key === "/" ? document.documentElement : known.search, preventDefault() {} };
  if (key !== "/") known.search.dispatch("keydown", event);
  document.dispatch("keydown", event);
}
const hits = known.found.children.filter((it) => it instanceof Element && it.className === "hit");
console.log(JSON.stringify({
  hits: hits.map((hit) => ({ href: hit.href, text: hit.textContent })),
  chosen: hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true"),
  hidden: known.found.hidden,
  told: known.told.textContent,
  focused: document.activeElement === known.search,
  theme: document.documentElement.dataset.theme ?? null,
  stored: stored["kf-theme"] ?? null,
  went,
}));
