import { bytesText } from '../../monitoring/bytes-text';

test.each([
  [0, '0 B'],
  [0.4, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [3_400_000, '3.4 MB'],
  [7.2e9, '7.2 GB'],
  [9.9e15, '9900.0 TB'],
])('%d bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));
