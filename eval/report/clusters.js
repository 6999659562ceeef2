(() => {
  const data = dataOf();
  const body = document.querySelector("#matrix tbody");
  const rows = [...body.rows];
  const links = rows.map((row) => row.querySelector("a"));
  const texts = rows.map((row) => row.cells[0].textContent.toLowerCase());
  const controls = document.getElementById("controls");
  const field = (name) => controls.elements.namedItem(name);
  const status = document.getElementById("status");
  const name = document.getElementById("shown-metric");
  let shown = data.metrics[0];  // the page comes with it

  const numbers = (values) => values.filter((value) => value !== null);
  const spread = (values) => {
    const known = numbers(values);
    return known.length ? Math.max(...known) - Math.min(...known) : 0;
  };
  const differs = (values) => new Set(values).size > 1;
  const total = (counts) => counts.reduce((sum, count) => sum + count, 0);

  const figure = (metric, value) =>
    value === null ? "–" : (value * metric.scale).toFixed(metric.decimals).replace("-", "−");

  const sign = (name, text, says) => {
    const element = make("span", name, text);
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", says);
    return element;
  };

  const side = (metric, value, base) => {
    if (value === null || base === null || !metric.good || value === base) return [];
    const better = (value - base) * metric.good > 0;
    return [" ", better ? sign("", "▲", "better") : sign("", "▼", "worse")];
  };

  const bad = (count) => (count ? [" ", sign("cell-bad", `?${count}`, `${count} unsupported`)] : []);

  const fill = (metric) => {
    if (shown === metric) return;
    shown = metric;
    rows.forEach((row, number) => {
      const values = metric.values[number];
      values.forEach((value, system) => {
        row.cells[system + 1].replaceChildren(
          figure(metric, value),
          ...side(metric, value, values[data.baseline]),
          ...bad(data.unsupported[number][system]),
        );
      });
    });
    name.textContent = field("metric").selectedOptions[0].textContent;
  };

  const wanted = (number, metric) => {
    const show = field("show").value;
    if (show === "differs" && !("differs" in rows[number].dataset)) return false;
    if (show === "metric" && !differs(metric.values[number])) return false;
    if (show === "unsupported" && !total(data.unsupported[number])) return false;
    return texts[number].includes(field("find").value.trim().toLowerCase());
  };

  const arrange = (metric) => {
    const order = rows.map((row, number) => number);
    const sort = field("sort").value;
    const rank = sort === "spread" ? (n) => spread(metric.values[n]) : (n) => total(data.unsupported[n]);
    if (sort) order.sort((a, b) => rank(b) - rank(a) || a - b);
    const now = [...body.rows];
    if (order.some((number, place) => now[place] !== rows[number])) {
      body.append(...order.map((number) => rows[number]));
    }
  };

  const update = () => {
    const metric = data.metrics.find((one) => one.name === field("metric").value);
    fill(metric);
    arrange(metric);
    let count = 0;
    rows.forEach((row, number) => {
      row.hidden = !wanted(number, metric);
      count += row.hidden ? 0 : 1;
    });
    status.textContent =
      count === rows.length ? `${count} clusters` : `${count} of ${rows.length} clusters`;
    keepState({
      metric: metric === data.metrics[0] ? "" : metric.name,
      show: field("show").value,
      sort: field("sort").value,
      find: field("find").value,
    });
    passOn(links);
  };

  body.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches("a")) return;
    event.preventDefault();
    const visible = [...body.rows].filter((row) => !row.hidden);
    const next = visible[visible.indexOf(event.target.closest("tr")) + step];
    if (next) next.querySelector("a").focus();
  });

  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", update);
  const state = stateOf();
  for (const select of controls.querySelectorAll("select")) {
    choose(select, state.get(select.name) || select.value);
  }
  field("find").value = state.get("find") || "";
  controls.hidden = false;
  document.querySelector(".keys").hidden = false;
  update();
})();
