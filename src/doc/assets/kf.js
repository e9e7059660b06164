// Made by kf doc: search, the theme, and the contents on narrow screens. Pages are whole without it.
(function () {
  "use strict";
  var root = document.documentElement;

  // --- the theme ---
  var button = document.getElementById("theme");
  button.addEventListener("click", function () {
    var dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : window.matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("kf-theme", root.dataset.theme);
    } catch (refused) {
      // It holds for this page then.
    }
  });

  // --- the contents: open beside the page, closed above it ---
  var menu = document.getElementById("menu");
  var narrow = window.matchMedia("(max-width: 900px)");
  function fit() {
    menu.open = !narrow.matches;
  }
  fit();
  narrow.addEventListener("change", fit);
  menu.addEventListener("click", function (event) {
    if (narrow.matches && event.target.closest("a")) menu.open = false;
  });

  // --- where the reader is ---
  var links = {};
  document.querySelectorAll(".parts a").forEach(function (link) {
    links[link.getAttribute("href").slice(1)] = link;
  });
  var items = Array.prototype.slice.call(document.querySelectorAll("article.item, #access"));
  var current = null;
  function follow() {
    var here = null;
    items.forEach(function (item) {
      if (item.getBoundingClientRect().top < 140) here = links[item.id] || here;
    });
    if (here === current) return;
    if (current) current.removeAttribute("aria-current");
    current = here;
    if (!here) return;
    here.setAttribute("aria-current", "location");
    var side = document.querySelector("nav.side");
    if (!narrow.matches && (here.offsetTop < side.scrollTop || here.offsetTop > side.scrollTop + side.clientHeight - 60)) {
      side.scrollTop = here.offsetTop - side.clientHeight / 2;
    }
  }
  if (items.length) {
    document.addEventListener("scroll", follow, { passive: true });
    follow();
  }

  // A place inside a closed listing or page is shown when it is asked for.
  function reveal() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var details = target && target.closest("details");
    if (details) details.open = true;
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  // --- search ---
  var MOST = 40;
  var input = document.getElementById("search");
  var list = document.getElementById("found");
  var told = document.getElementById("told");
  var base = input.parentNode.dataset.root;
  var entries = (window.kfSearch || []).map(function (entry, order) {
    return { kind: entry[0], name: entry[1], dataset: entry[2], href: entry[3], text: entry[4], order: order,
      low: entry[1].toLowerCase(), full: (entry[2] + "." + entry[1]).toLowerCase(), lowText: entry[4].toLowerCase() };
  });
  var weight = { dataset: 4, action: 3, view: 3, table: 3, foreign: 2, extern: 2, column: 1, error: 0 };
  var options = [];
  var chosen = -1;

  function points(entry, word) {
    if (entry.low === word) return 100;
    if (entry.full === word) return 90;
    if (entry.low.indexOf(word) === 0) return 70;
    if (entry.low.split(/[^a-z0-9]+/).some(function (part) { return part.indexOf(word) === 0; })) return 50;
    if (entry.full.indexOf(word) >= 0) return 35;
    if (entry.lowText.indexOf(word) >= 0) return 10;
    return 0;
  }

  function find(query) {
    var words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    var found = [];
    entries.forEach(function (entry) {
      var sum = 0;
      var every = words.every(function (word) {
        var got = points(entry, word);
        sum += got;
        return got > 0;
      });
      if (every) found.push({ entry: entry, sum: sum + weight[entry.kind] });
    });
    found.sort(function (a, b) { return b.sum - a.sum || a.entry.order - b.entry.order; });
    return found.map(function (hit) { return hit.entry; });
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function marked(text, query) {
    var whole = element("span", "name");
    var words = query.toLowerCase().split(/\s+/).filter(Boolean);
    var at = -1;
    var length = 0;
    words.forEach(function (word) {
      var place = text.toLowerCase().indexOf(word);
      if (place >= 0 && word.length > length) {
        at = place;
        length = word.length;
      }
    });
    if (at < 0) {
      whole.textContent = text;
      return whole;
    }
    whole.append(text.slice(0, at), element("mark", "", text.slice(at, at + length)), text.slice(at + length));
    return whole;
  }

  function option(entry, index, query) {
    var link = element("a", "hit");
    link.id = "hit-" + index;
    link.href = base + entry.href;
    link.tabIndex = -1;
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    var line = element("span", "line");
    if (entry.kind !== "dataset" && entry.kind !== "error") line.append(element("span", "of", entry.dataset + "."));
    line.append(marked(entry.name, query));
    link.append(element("span", "kind " + entry.kind, entry.kind), line);
    if (entry.text) link.append(element("span", "about", entry.text));
    link.addEventListener("click", close);
    return link;
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    chosen = -1;
  }

  function choose(index) {
    if (!options.length) return;
    if (options[chosen]) options[chosen].setAttribute("aria-selected", "false");
    chosen = (index + options.length) % options.length;
    options[chosen].setAttribute("aria-selected", "true");
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  }

  function show() {
    var query = input.value.trim();
    var found = find(query);
    list.textContent = "";
    chosen = -1;
    options = found.slice(0, MOST).map(function (entry, index) { return option(entry, index, query); });
    if (!query) {
      told.textContent = "";
      close();
      return;
    }
    options.forEach(function (made) { list.append(made); });
    var count = found.length === 1 ? "1 found" : found.length + " found";
    if (found.length > MOST) count += ", the first " + MOST + " are shown";
    told.textContent = count;
    if (!found.length) list.append(element("p", "none", "Nothing is called that, and no comment or error says it."));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (options.length) choose(0);
  }

  input.addEventListener("input", show);
  input.addEventListener("focus", function () { if (input.value.trim() && list.hidden) show(); });
  input.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown") {
      if (list.hidden) show(); else choose(chosen + 1);
    } else if (event.key === "ArrowUp") {
      choose(chosen - 1);
    } else if (event.key === "Enter") {
      if (options[chosen] && !list.hidden) options[chosen].click();
    } else if (event.key === "Escape") {
      if (list.hidden) input.blur(); else close();
    } else {
      return;
    }
    event.preventDefault();
  });
  document.addEventListener("keydown", function (event) {
    var typing = /^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  document.addEventListener("click", function (event) {
    if (!input.parentNode.contains(event.target)) close();
  });

  // `?q=words` begins with a search, so that one can be linked to.
  var asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    input.value = asked;
    show();
  }
})();
