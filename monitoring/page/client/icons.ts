import { svg } from './dom';
import type { Tone } from './states';

/** A shape for each tone, so that colour is never the only sign: a disc, a ring, a triangle, an octagon. */
const OUTLINES: Record<Tone, string> = {
  good: 'M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 0 0 0-21z',
  info: 'M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 0 0 0-21zm0 2.6a7.9 7.9 0 1 1 0 15.8a7.9 7.9 0 0 1 0-15.8z',
  warn: 'M12 1.6L23.4 22H.6z',
  bad: 'M7.6 1.5h8.8L22.5 7.6v8.8l-6.1 6.1H7.6l-6.1-6.1V7.6z',
};
const SIGNS: Record<Tone, string> = {
  good: 'M6.8 12.4l3.6 3.6l7-7.6',
  info: 'M8 12h8',
  warn: 'M12 9v6M12 18v.6',
  bad: 'M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6',
};

/** The sign of a tone; what it says is beside it in words. */
export function icon(tone: Tone): SVGElement {
  return svg(
    'svg',
    { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', 'data-tone': tone },
    svg('path', { class: 'outline', d: OUTLINES[tone] }),
    svg('path', { class: 'sign', d: SIGNS[tone] }),
  );
}

/** A place for an icon that changes with its tone. */
export function iconPlace(element: Element): (tone: Tone) => void {
  let shown: Tone | undefined;
  return (tone) => {
    if (tone === shown) return;
    shown = tone;
    element.replaceChildren(icon(tone));
  };
}

/** The same for the tab: a picture of the tone, as an address. */
export function favicon(tone: Tone | 'lost'): string {
  const colours = { good: '#12804a', info: '#5b6168', warn: '#b26a00', bad: '#c4232b', lost: '#8a8f96' };
  const shape = tone === 'lost' ? OUTLINES.info : OUTLINES[tone];
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="${colours[tone]}" fill-rule="evenodd" d="${shape}"/></svg>`,
  )}`;
}
