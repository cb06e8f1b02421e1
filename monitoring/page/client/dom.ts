/** Small ways to make and change elements. All text goes in as text: nothing here, or anywhere in the page, makes HTML of it. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/** Only what differs is touched: a screen reader is not told of what is as it was. */
export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
  }
}

export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** A part of the page that follows what it shows. */
export interface View<T> {
  readonly element: Element;
  update(item: T): void;
}

/** Keeps one view per item, by key, in the items' order, behind what `parent` holds already. What stays is not made anew: the focus stays where it is. */
export function list<T>(
  parent: Element,
  keyOf: (item: T) => string,
  make: (item: T) => View<T>,
): (items: readonly T[]) => void {
  const views = new Map<string, View<T>>();
  const before = parent.children.length;
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, view] of views) {
      if (keys.has(key)) continue;
      view.element.remove();
      views.delete(key);
    }
    for (const [index, item] of items.entries()) {
      const key = keyOf(item);
      const view = views.get(key) ?? make(item);
      views.set(key, view);
      const there = parent.children[before + index] ?? null;
      if (there !== view.element) parent.insertBefore(view.element, there);
      view.update(item);
    }
  };
}

/** @throws Error when the template lacks it */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element "${id}".`);
  return found;
}
