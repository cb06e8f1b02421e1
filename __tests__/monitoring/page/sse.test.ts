import fc from 'fast-check';
import { EventParser, type ServerEvent } from '../../../monitoring/page/client/sse';

function parse(...chunks: readonly string[]): ServerEvent[] {
  const parser = new EventParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
}

test('a message has its event and its data', () => {
  expect(parse('event: tick\ndata: {"a":1}\n\n')).toEqual([{ event: 'tick', data: '{"a":1}' }]);
});

test('a message without a name is "message"', () => {
  expect(parse('data: x\n\n')).toEqual([{ event: 'message', data: 'x' }]);
});

test('lines of data are joined', () => {
  expect(parse('data: a\ndata:b\ndata\n\n')).toEqual([{ event: 'message', data: 'a\nb\n' }]);
});

test('only one space after the colon is dropped', () => {
  expect(parse('data:  a: b\n\n')).toEqual([{ event: 'message', data: ' a: b' }]);
});

test.each(['\n', '\r\n', '\r'])('a line may end in %j', (end) => {
  expect(parse(`event: tick${end}data: 1${end}${end}`, ':')).toEqual([{ event: 'tick', data: '1' }]);
});

test('comments, and fields that are not used, are no messages', () => {
  expect(parse(': open\n\nid: 4\nretry: 10\nnonsense\n\n')).toEqual([]);
});

test('a message is told when it is complete, not before', () => {
  expect(parse('event: tick\ndata: 1\n')).toEqual([]);
});

test('an event without data does not lend its name to the next', () => {
  expect(parse('event: tick\n\ndata: 1\n\n')).toEqual([{ event: 'message', data: '1' }]);
});

test('wherever the stream is cut, the messages are the same', () => {
  const line = fc.stringMatching(/^[a-z{}": éß😀]{0,12}$/u);
  const sent = fc.array(
    fc.record({
      event: fc.constantFrom('hello', 'tick', 'told'),
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 6 },
  );
  const end = fc.constantFrom('\n', '\r\n', '\r');

  fc.assert(
    fc.property(sent, end, fc.infiniteStream(fc.nat({ max: 7 })), (messages, newline, sizes) => {
      const text = messages
        .map(({ event, lines }) => [`event: ${event}`, ...lines.map((each) => `data: ${each}`), '', ''].join(newline))
        .join('');
      // What follows a last carriage return tells whether it was a whole line's end.
      const whole = [...`${text}:`];
      const chunks: string[] = [];
      for (let at = 0; at < whole.length; ) {
        const size = sizes.next().value as number;
        chunks.push(whole.slice(at, at + size).join(''));
        at += size;
      }

      expect(parse(...chunks)).toEqual(messages.map(({ event, lines }) => ({ event, data: lines.join('\n') })));
    }),
  );
});
