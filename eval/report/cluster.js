(() => {
  const data = dataOf();
  const controls = document.getElementById("controls");
  const field = (name) => controls.elements.namedItem(name);
  const letterOf = (select) => select.selectedOptions[0].dataset.letter;
  const outputs = [...document.querySelectorAll("#output-list > [data-system]")];
  const names = {
    gained: "Gained",
    invented: "Invented",
    lost: "Lost",
    dropped: "No longer invented",
    weakened: "No longer supported",
    mended: "Now supported",
  };

  const mention = ([text, number, shade], system) => {
    const link = make("a", `mark is-${shade}`, text);
    link.setAttribute("href", `#m-${system}-${number}`);
    return link;
  };

  // What the first has and the second has not is what the second has and the first has not, seen
  // from the other side: pairs are stored one way round.
  const pairOf = (a, b) => {
    const pair = data.pairs[a + b];
    if (pair) return pair;
    const other = data.pairs[b + a];
    const turned = [];
    for (let at = 0; at < other.words.length; at += 4) {
      const [from, to, into, end] = other.words.slice(at, at + 4);
      turned.push(into, end, from, to);
    }
    const swap = (both) => both.map(([one, two]) => [two, one]);
    return {
      same: other.same,
      words: turned,
      gained: other.lost,
      lost: other.gained,
      invented: other.dropped,
      dropped: other.invented,
      weakened: swap(other.mended),
      mended: swap(other.weakened),
    };
  };

  const items = (kind, pair, a, b) => {
    if (kind === "weakened" || kind === "mended") return pair[kind].map(([, two]) => mention(two, b));
    const system = kind === "lost" || kind === "dropped" ? a : b;
    return pair[kind].map((one) => mention(one, system));
  };

  const changes = (pair, a, b) => {
    if (pair.same) return make("p", "", "The outputs are the same.");
    const list = make("dl", "changes");
    for (const [kind, title] of Object.entries(names)) {
      const found = items(kind, pair, a, b);
      if (!found.length && kind !== "gained" && kind !== "invented" && kind !== "lost") continue;
      const text = make("dd", "");
      if (!found.length) text.append("nothing");
      found.forEach((link, place) => text.append(place ? ", " : "", link));
      const term = make("dt", "", title);
      list.append(term, text);
      list.lastChild.dataset.change = kind;
    }
    return list;
  };

  const words = (pair, a, b) => {
    const [first, second] = [data.words[a], data.words[b]];
    const text = document.createDocumentFragment();
    let at = 0;
    const put = (tag, some) => {
      if (!some.length) return;
      text.append(tag ? make(tag, "", some.join(" ")) : some.join(" "), " ");
    };
    for (let n = 0; n < pair.words.length; n += 4) {
      const [from, to, into, end] = pair.words.slice(n, n + 4);
      put("", first.slice(at, from));
      put("del", first.slice(from, to));
      put("ins", second.slice(into, end));
      at = to;
    }
    put("", first.slice(at));
    return text;
  };

  const title = (letter) => {
    const heading = document.getElementById(`system-${letter}`).cloneNode(true);
    return [...heading.childNodes];
  };

  const update = () => {
    const [a, b] = [letterOf(field("a")), letterOf(field("b"))];
    const pair = a === b ? null : pairOf(a, b);
    for (const id of ["change-section", "words-section"]) document.getElementById(id).hidden = !pair;
    if (pair) {
      document.getElementById("from").replaceChildren(...title(a));
      document.getElementById("to").replaceChildren(...title(b));
      document.getElementById("change-list").replaceChildren(changes(pair, a, b));
      document.getElementById("word-list").replaceChildren(words(pair, a, b));
    }
    const all = field("show").value === "all";
    const rank = (output) => [a, b].indexOf(output.dataset.system);
    const ordered = [
      ...[a, b].map((letter) => outputs.find((one) => one.dataset.system === letter)),
      ...outputs.filter((one) => rank(one) < 0),
    ];
    document.getElementById("output-list").replaceChildren(...new Set(ordered));
    for (const output of outputs) output.hidden = !all && rank(output) < 0;
  };

  const remember = () =>
    keepState({ a: field("a").value, b: field("b").value, outputs: field("show").value });

  document.addEventListener("keydown", (event) => {
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const taken = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!rel || taken || event.target.closest("select, input, [tabindex='0']")) return;
    document.querySelector(`a[rel=${rel}]`)?.click();
  });

  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", () => {
    update();
    remember();
  });
  const state = stateOf();
  choose(field("a"), state.get("a") || field("a").value);
  choose(field("b"), state.get("b") || field("b").value);
  choose(field("show"), state.get("outputs") || "");
  controls.hidden = outputs.length < 2;
  if (outputs.length > 1) update();
  const target = window.location.hash && document.getElementById(window.location.hash.slice(1));
  if (target) target.scrollIntoView();
})();
