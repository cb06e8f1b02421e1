import { parseExposition } from './exposition';

const GOOD = `# HELP a_total What it is.
# TYPE a_total counter
a_total{x="1",y="q\\"\\\\\\n"} 3
a_total{x="2",y=""} 4

# HELP h Time.
# TYPE h histogram
h_bucket{le="0.5",x="1"} 1
h_bucket{le="+Inf",x="1"} 2
h_sum{x="1"} 1.5e-7
h_count{x="1"} 2
# HELP g Lag.
# TYPE g gauge
g +Inf
`;

test('what is right is read', () => {
  const { families, value, sum } = parseExposition(GOOD);
  expect([...families.keys()]).toEqual(['a_total', 'h', 'g']);
  expect(value('a_total', { y: 'q"\\\n', x: '1' })).toBe(3);
  expect([sum('a_total'), sum('a_total', { x: '2' }), sum('nothing')]).toEqual([7, 4, 0]);
  expect([value('g'), value('h_sum'), value('g', { x: '1' })]).toEqual([Number.POSITIVE_INFINITY, 1.5e-7, undefined]);
});

test.each([
  ['no end of the last line', GOOD.trimEnd()],
  ['a sample twice', GOOD.replace('x="2",y=""', 'y="q\\"\\\\\\n",x="1"')],
  ['a metric twice', `${GOOD}# HELP a_total Again.\n# TYPE a_total counter\n`],
  ['a type without a help', GOOD.replace('# HELP g Lag.\n', '')],
  ['a type that is none', GOOD.replace('g gauge', 'g thing')],
  ['a sample of another metric', GOOD.replace('\ng +Inf', '\nf 1')],
  ['a value that is no number', GOOD.replace('+Inf\n', 'Nan\n')],
  ['a quote that is not escaped', GOOD.replace('q\\"', 'q"')],
  ['a comma too many', GOOD.replace('x="2",y=""', 'x="2",y="",')],
  ['a name with a dot', GOOD.replaceAll('a_total', 'a.total')],
  ['a label twice', GOOD.replace('x="2",y=""', 'x="2",x="3"')],
  ['buckets that shrink', GOOD.replace('le="0.5",x="1"} 1', 'le="0.5",x="1"} 3')],
  ['no last bucket', GOOD.replace('h_bucket{le="+Inf",x="1"} 2\n', '')],
  ['another count', GOOD.replace('h_count{x="1"} 2', 'h_count{x="1"} 3')],
  ['no sum', GOOD.replace('h_sum{x="1"} 1.5e-7\n', '')],
])('%s is refused', (_, text) => {
  expect(text).not.toBe(GOOD);
  expect(() => parseExposition(text)).toThrow();
});
