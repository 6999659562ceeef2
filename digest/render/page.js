(() => {
  "use strict";

  // Long enough to travel from a mark to its card, short enough not to linger behind the pointer.
  const CLOSE_DELAY_MS = 180;
  const GAP_PX = 8;
  const sheet = window.matchMedia("(max-width: 40rem)");

  const card = document.createElement("div");
  card.className = "card";
  card.id = "card";
  card.hidden = true;
  card.setAttribute("role", "group");

  let owner = null;
  let pinned = false;
  let pressing = false;
  let timer = 0;

  const build = (tag, name, ...children) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...children);
    return element;
  };

  const link = (href, text) => {
    const element = build("a", "", text);
    element.href = href;
    element.rel = "noopener noreferrer";
    return element;
  };

  const copyOf = (element) => {
    const copy = element.cloneNode(true);
    copy.removeAttribute("id");
    return copy;
  };

  const fill = (mark) => {
    const source = document.getElementById(mark.hash.slice(1));
    const title = source.querySelector(".source-title");
    const meta = source.querySelector(".source-meta");
    const quotes = (mark.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
    const links = build("div", "card-links");
    if (title.href) links.append(link(title.href, "Read the article"));
    links.append(link(mark.hash, "In the list of sources"));
    card.replaceChildren(
      build("div", "card-title", title.textContent),
      ...(meta ? [copyOf(meta)] : []),
      ...quotes.map((id) => copyOf(document.getElementById(id))),
      links,
    );
    card.setAttribute("aria-label", mark.getAttribute("aria-label"));
  };

  const place = () => {
    card.style.left = "";
    card.style.top = "";
    if (sheet.matches) return;
    const box = owner.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const left = Math.max(16, Math.min(box.left - 24, width - card.offsetWidth - 16));
    const below = box.bottom + GAP_PX;
    const above = box.top - GAP_PX - card.offsetHeight;
    const fits = below + card.offsetHeight <= window.innerHeight || above < 0;
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${(fits ? below : above) + window.scrollY}px`;
  };

  // A sheet may lie over the very sentence that was tapped: move the sentence out from under it.
  const uncover = () => {
    const hidden = owner.getBoundingClientRect().bottom + GAP_PX - card.getBoundingClientRect().top;
    if (sheet.matches && hidden > 0) window.scrollBy({ top: hidden, behavior: "instant" });
  };

  const close = () => {
    clearTimeout(timer);
    if (!owner) return;
    owner.setAttribute("aria-expanded", "false");
    owner = null;
    pinned = false;
    card.hidden = true;
  };

  const open = (mark) => {
    clearTimeout(timer);
    if (owner === mark) return;
    close();
    owner = mark;
    fill(mark);
    mark.after(card);
    card.hidden = false;
    mark.setAttribute("aria-expanded", "true");
    place();
  };

  const closeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const held = pinned || card.contains(document.activeElement);
      if (!held && owner !== document.activeElement) close();
    }, CLOSE_DELAY_MS);
  };

  const markOf = (target) => (target instanceof Element ? target.closest(".cite") : null);
  const inside = (target) =>
    target instanceof Node && owner && (owner.contains(target) || card.contains(target));

  for (const mark of document.querySelectorAll(".cite")) {
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-expanded", "false");
    mark.setAttribute("aria-controls", "card");
  }
  document.body.append(card);

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const mark = markOf(event.target);
    if (mark && !(pinned && mark !== owner)) open(mark);
    else if (inside(event.target)) clearTimeout(timer);
    else if (owner) closeSoon();
  });

  document.addEventListener("focusin", (event) => {
    const mark = markOf(event.target);
    // A press focuses before it clicks: a sheet opened in between could catch the click itself.
    if (mark && !pressing) open(mark);
    else if (owner && !mark && !inside(event.target)) close();
  });

  document.addEventListener("pointerdown", (event) => {
    pressing = markOf(event.target) !== null;
    if (owner && !inside(event.target) && !markOf(event.target)) close();
  });

  document.addEventListener("click", (event) => {
    const mark = markOf(event.target);
    pressing = false;
    if (mark) {
      event.preventDefault();
      // From the keyboard (no click count) focus has opened the card already, so this closes it.
      const wasOpen = owner === mark && (pinned || event.detail === 0);
      if (wasOpen) {
        close();
      } else {
        open(mark);
        pinned = true;
        uncover();
      }
    } else if (card.contains(event.target) && event.target.closest("a")) {
      close();
    }
  });

  document.addEventListener("keydown", (event) => {
    pressing = false;
    if (event.key === "Escape" && owner) {
      const mark = owner;
      if (card.contains(document.activeElement)) mark.focus();
      close();
    } else if (event.key === " " && markOf(event.target)) {
      event.preventDefault();
      event.target.click();
    }
  });

  window.addEventListener("resize", () => owner && place());

  let folded = [];
  window.addEventListener("beforeprint", () => {
    close();
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const element of folded) element.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const element of folded) element.open = false;
  });
})();
