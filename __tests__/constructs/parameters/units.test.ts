import fc from 'fast-check';
import { convertParameters } from '../../../constructs/parameters';
import { formatDuration, formatSize, parseDuration, parseSize } from '../../../constructs/parameters/units';

const SIZES = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;

test('a size that was formatted reads as the same number of bytes', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (bytes) => {
      expect(parseSize(formatSize(bytes))).toBe(bytes);
    }),
  );
});

test('a duration that was formatted reads as the same number of milliseconds', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (milliseconds) => {
      expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
    }),
  );
});

test('a size in RDS pages is the same number of bytes as was written, or is refused', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom('kB', 'MB', 'GB'), (count, unit) => {
      const { parameters, problems } = convertParameters({ effective_cache_size: `${count}${unit}` });
      const bytes = count * SIZES[unit];

      if (bytes % 8192 === 0 && bytes / 8192 <= 2_147_483_647) expect(Number(parameters[0]?.value) * 8192).toBe(bytes);
      else expect(problems).toHaveLength(1);
    }),
  );
});

test('whatever is written, each parameter is converted or refused, and nothing throws', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), fc.anything(), (others, value) => {
      const written = { ...others, work_mem: value, max_connections: value, shared_preload_libraries: value };
      const { parameters, problems } = convertParameters(written);

      const said = Object.values(written).filter((each) => each !== undefined).length;
      expect(parameters.length + problems.length).toBe(said);
    }),
    {
      examples: [
        [{}, [{ toString: 0 }]],
        [{}, [undefined]],
        [{}, [['pg_stat_statements']]],
      ],
    },
  );
});

test.each(['', '16', 'MB', '16mb', '16  MB', '-1MB', '1e3MB', '16 pages', '0x10kB'])('%j is no size', (text) => {
  expect(parseSize(text)).toBeUndefined();
});
