import { Drawing } from '../../../cli/status/drawing';
import { fakeIo } from '../fake-io';

test('on a terminal the next lines replace those before', () => {
  const io = fakeIo({ terminal: true });
  const drawing = new Drawing(io);
  drawing.show(['one', 'two']);
  io.told.out = '';

  drawing.show(['three']);

  expect(io.told.out).toBe('\u001b[2A\u001b[0Jthree\n');
});

test('a line that the terminal breaks counts as often as it is broken', () => {
  const io = fakeIo({ terminal: true, columns: 10 });
  const drawing = new Drawing(io);
  drawing.show(['\u001b[32mtwenty-one characters\u001b[0m', '']);
  io.told.out = '';

  drawing.show([]);

  expect(io.told.out).toContain('\u001b[4A');
});

test('anywhere else one block follows the other', () => {
  const io = fakeIo();
  const drawing = new Drawing(io);
  drawing.show(['one']);
  drawing.show(['two']);

  expect(io.told.out).toBe('one\n\ntwo\n\n');
});
