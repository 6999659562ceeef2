"use strict";

// The state of a page is its address: what is chosen stands in the query, so that a link or a
// reload shows the same. `keepState` writes it and passes it on to the report's other pages.
const stateOf = () => new URLSearchParams(window.location.search);

const passOn = (links) => {
  const query = window.location.search;
  for (const link of links) {
    const address = link.getAttribute("href");
    const wanted = address.split("?")[0] + query;
    if (address !== wanted) link.setAttribute("href", wanted);
  }
};

const keepState = (changes) => {
  const state = stateOf();
  for (const [name, value] of Object.entries(changes)) {
    if (value) state.set(name, value);
    else state.delete(name);
  }
  state.sort();
  const query = state.toString();
  const address = window.location.pathname + (query ? `?${query}` : "") + window.location.hash;
  window.history.replaceState(null, "", address);
  passOn(document.querySelectorAll("a[data-keep]"));
};

const choose = (select, value) => {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
};

const dataOf = () => JSON.parse(document.getElementById("data").textContent);

const make = (tag, name, ...children) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
};

passOn(document.querySelectorAll("a[data-keep]"));
