import { barChart } from '../../bench/chart';

const chart = {
  title: 'Reads & writes',
  subtitle: 'longer is better',
  groups: [
    {
      label: '1 caller',
      bars: [
        { label: 'bare', value: 2, text: '2.00' },
        { label: 'ours', value: 1, text: '1.00', ours: true },
      ],
    },
  ],
};

/** The bars, without the ground. */
function bars(svg: string): { width: number; fill: string | undefined }[] {
  return [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" [^>]*fill="([^"]+)"/g)].map(
    ([, width, fill]) => ({
      width: Number(width),
      fill,
    }),
  );
}

test('the length of a bar is in proportion to its value', () => {
  const [first, second] = bars(barChart(chart));

  expect(first?.width).toBeGreaterThan(0);
  expect(first?.width).toBeCloseTo(2 * (second?.width ?? 0), 0);
});

test('ours has a colour of its own', () => {
  const [theirs, ours] = bars(barChart(chart));

  expect(ours?.fill).not.toBe(theirs?.fill);
});

test('labels and texts are all there, escaped', () => {
  const svg = barChart(chart);

  for (const text of ['Reads &amp; writes', 'longer is better', '1 caller', 'bare', '2.00', 'ours', '1.00']) {
    expect(svg).toContain(`>${text}</text>`);
  }
});

test('a value that is not a number has its text and no bar', () => {
  const group = { label: 'group', bars: [{ label: 'hung', value: Number.NaN, text: 'did not answer' }] };

  const svg = barChart({ ...chart, groups: [group] });

  expect(bars(svg)).toEqual([{ width: 0, fill: expect.any(String) }]);
  expect(svg).toContain('>did not answer</text>');
  expect(svg).not.toContain('NaN');
});

test('a value beyond the most is cut off there', () => {
  const lengths = (most: number) => bars(barChart({ ...chart, most })).map(({ width }) => width);
  const group = { label: 'group', bars: [{ label: 'far', value: 1_000, text: '1000' }] };

  expect(bars(barChart({ ...chart, groups: [group], most: 2 }))[0]?.width).toBe(lengths(2)[0]);
});

test('there is a line for the reference, and none without one', () => {
  expect(barChart({ ...chart, reference: 1 })).toContain('<line');
  expect(barChart(chart)).not.toContain('<line');
});

test('a chart of nothing but zeros has no bars of infinite length', () => {
  const group = { label: 'group', bars: [{ label: 'none', value: 0, text: '0' }] };

  expect(bars(barChart({ ...chart, groups: [group] }))).toEqual([{ width: 0, fill: expect.any(String) }]);
});
