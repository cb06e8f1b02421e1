import fc from 'fast-check';
import { ENGINE_MAJORS } from '../../../constructs/environment';
import {
  CATALOGUE,
  convertParameters,
  entryOf,
  type Flavour,
  PARAMETER_NAMES,
  type ParameterTarget,
} from '../../../constructs/parameters';
import { formatAmount, formatRange } from '../../../constructs/parameters/format-range';
import { offered } from '../../../constructs/parameters/offer';
import type { RangedSpec } from '../../../constructs/parameters/spec';
import { DURATION_UNIT_MS, parseDuration, parseSize, SIZE_UNIT_BYTES } from '../../../constructs/parameters/units';

const FLAVOURS: readonly Flavour[] = ['instance', 'cluster', 'aurora'];

const targets = fc.record<ParameterTarget>(
  { engineMajor: fc.constantFrom(...ENGINE_MAJORS), flavour: fc.constantFrom(...FLAVOURS) },
  { requiredKeys: [] },
);

/** A parameter that is a number, as it is at some target that has it. */
const ranged = fc
  .tuple(fc.constantFrom(...PARAMETER_NAMES), targets)
  .map(([name, target]) => ({ name, target, offer: offered(name, target) }))
  .filter(({ offer }) => 'spec' in offer && 'min' in offer.spec)
  .map(({ name, target, offer }) => ({ name, target, spec: (offer as unknown as { spec: RangedSpec }).spec }));

const whole = ranged.filter(({ spec }) => spec.type !== 'real');

/** As a person writes it. */
function written(spec: RangedSpec, amount: number): number | string {
  return spec.type === 'integer' || spec.type === 'real' ? amount : formatAmount(spec, amount);
}

test('it has the parameters of PostgreSQL, of RDS, of Aurora and of their extensions, and no name twice', () => {
  expect(PARAMETER_NAMES.length).toBeGreaterThan(350);
  expect(PARAMETER_NAMES).toEqual([...new Set(PARAMETER_NAMES.map((name) => name.toLowerCase()))].sort());
  for (const name of ['work_mem', 'rds.force_ssl', 'apg_ccm_enabled', 'auto_explain.log_min_duration', 'pgaudit.log']) {
    expect(PARAMETER_NAMES).toContain(name);
  }
});

test('names of every object are no parameters', () => {
  for (const name of ['toString', 'constructor', '__proto__']) expect(entryOf(name)).toBeUndefined();
});

test('the ends of every range are written in units that read as the same number', () => {
  for (const spec of Object.values(CATALOGUE)) {
    if (spec.type !== 'size' && spec.type !== 'duration') continue;
    for (const one of [spec, spec.earlier, spec.aurora && { ...spec, ...spec.aurora }]) {
      if (!one || !('unit' in one)) continue;
      for (const end of [one.min, one.max]) {
        const text = formatAmount(one as RangedSpec, end);
        const read =
          one.type === 'size'
            ? (parseSize(text) ?? Number.NaN) / SIZE_UNIT_BYTES[one.unit]
            : (parseDuration(text) ?? Number.NaN) / DURATION_UNIT_MS[one.unit as 'ms'];
        expect([text, read]).toEqual([text, end]);
      }
    }
  }
});

test('whatever is within the range goes to RDS as a whole number of its unit', () => {
  fc.assert(
    fc.property(
      whole.chain((one) => fc.tuple(fc.constant(one), fc.integer({ min: one.spec.min, max: one.spec.max }))),
      ([{ name, target, spec }, amount]) => {
        expect(convertParameters({ [name]: written(spec, amount) }, target)).toEqual({
          parameters: [expect.objectContaining({ name, value: String(amount) })],
          problems: [],
        });
      },
    ),
    { numRuns: 1000 },
  );
});

test('a number without a unit goes to RDS in digits that read as the same number', () => {
  fc.assert(
    fc.property(
      ranged
        .filter(({ spec }) => spec.type === 'real')
        .chain((one) => fc.tuple(fc.constant(one), fc.double({ min: one.spec.min, max: one.spec.max, noNaN: true }))),
      ([{ name, target }, value]) => {
        const text = convertParameters({ [name]: value }, target).parameters[0]?.value;

        expect(text).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(text)).toBe(value === 0 ? 0 : value);
      },
    ),
    { numRuns: 500 },
  );
});

test('whatever is beyond the range is refused with the range as a person writes it', () => {
  fc.assert(
    fc.property(whole, fc.integer({ min: 1, max: 1_000_000 }), fc.boolean(), ({ name, target, spec }, by, above) => {
      const amount = above ? spec.max + by : spec.min - by;
      // Below 0 is no size and no duration.
      fc.pre(spec.type === 'integer' || amount >= 0);

      expect(convertParameters({ [name]: written(spec, amount) }, target)).toEqual({
        parameters: [],
        problems: [
          expect.objectContaining({ code: 'READFLEET_PARAMETER_RANGE', path: name, fix: `Set ${formatRange(spec)}` }),
        ],
      });
    }),
    { numRuns: 500 },
  );
});

test('numbers that need no unit go as they are', () => {
  fc.assert(
    fc.property(
      ranged.filter(({ spec }) => (spec.special ?? []).length > 0),
      ({ name, target, spec }) => {
        for (const special of spec.special ?? []) {
          expect(convertParameters({ [name]: special }, target).parameters).toEqual([
            expect.objectContaining({ value: String(special) }),
          ]);
        }
      },
    ),
  );
});

test('whatever is written for whichever parameter, it is converted or refused, and nothing throws', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(CATALOGUE)),
      fc.oneof(fc.anything(), fc.string(), fc.double(), fc.array(fc.string())),
      targets,
      (name, value, target) => {
        const { parameters, problems } = convertParameters({ [name]: value }, target);

        expect(parameters.length + problems.length).toBe(value === undefined ? 0 : 1);
        for (const parameter of parameters) expect(typeof parameter.value).toBe('string');
        for (const { message, fix } of problems)
          expect([message, fix]).toEqual([expect.any(String), expect.any(String)]);
      },
    ),
    { numRuns: 2000 },
  );
});

test('each parameter that can be set has a major and a flavour that take it', () => {
  for (const name of PARAMETER_NAMES) {
    const takers = ENGINE_MAJORS.flatMap((engineMajor) =>
      FLAVOURS.map((flavour) => offered(name, { engineMajor, flavour })),
    );

    expect([name, takers.some((offer) => 'spec' in offer)]).toEqual([name, true]);
  }
});
