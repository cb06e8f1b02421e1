import { type Waiting, WaitingLine } from '../../../lib/protection/waiting-line';

class Place implements Waiting<Place> {
  before: Place | undefined;
  after: Place | undefined;
}

function lineOf(count: number) {
  const line = new WaitingLine<Place>();
  const places = Array.from({ length: count }, () => new Place());
  for (const place of places) line.add(place);
  return { line, places };
}

function inOrder(line: WaitingLine<Place>): Place[] {
  const order: Place[] = [];
  for (let place = line.first; place; place = place.after) order.push(place);
  return order;
}

test.each([0, 1, 2])('whoever leaves from place %i of three leaves the others in their order', (index) => {
  const { line, places } = lineOf(3);
  const [leaving] = places.splice(index, 1);
  line.remove(leaving as Place);
  expect(inOrder(line)).toEqual(places);
  expect([line.first, line.last]).toEqual([places[0], places[1]]);
});

test('whoever has left holds on to nobody: who keeps the first of a long line would keep all of it', () => {
  const { line, places } = lineOf(3);
  for (const place of places) line.remove(place);
  expect(places.map(({ before, after }) => [before, after])).toEqual(places.map(() => [undefined, undefined]));
  expect([line.first, line.last]).toEqual([undefined, undefined]);
});
