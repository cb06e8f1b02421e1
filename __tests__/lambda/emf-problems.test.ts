import { emfProblems } from './emf-problems';

/** The example of the specification. */
const EXAMPLE = {
  _aws: {
    Timestamp: 1_574_109_732_004,
    CloudWatchMetrics: [
      {
        Namespace: 'lambda-function-metrics',
        Dimensions: [['functionVersion']],
        Metrics: [{ Name: 'time', Unit: 'Milliseconds', StorageResolution: 60 }],
      },
    ],
  },
  functionVersion: '$LATEST',
  time: 100,
  requestId: '989ffbf8-9ace-4817-a57c-e4dd734019ee',
};
const [directive] = EXAMPLE._aws.CloudWatchMetrics;

const withDirective = (changes: object) => ({
  ...EXAMPLE,
  _aws: { ...EXAMPLE._aws, CloudWatchMetrics: [{ ...directive, ...changes }] },
});

test('AWS’s own example is right', () => {
  expect(emfProblems(JSON.stringify(EXAMPLE))).toEqual([]);
});

test.each([
  ['no metadata', { time: 1 }],
  ['a moment that is no whole number', { ...EXAMPLE, _aws: { ...EXAMPLE._aws, Timestamp: 1.5 } }],
  ['no namespace', withDirective({ Namespace: undefined })],
  ['an unknown unit', withDirective({ Metrics: [{ Name: 'time', Unit: 'Minutes' }] })],
  ['an unknown resolution', withDirective({ Metrics: [{ Name: 'time', StorageResolution: 10 }] })],
  ['a metric that is not there', withDirective({ Metrics: [{ Name: 'elsewhere' }] })],
  ['a metric that is no number', { ...EXAMPLE, time: '100' }],
  ['a dimension that is not there', withDirective({ Dimensions: [['elsewhere']] })],
  ['a dimension that is no text', { ...EXAMPLE, functionVersion: 7 }],
  ['too long a line', { ...EXAMPLE, requestId: 'x'.repeat(256 * 1_024) }],
])('%s is a problem', (_, document) => {
  expect(emfProblems(JSON.stringify(document))).toHaveLength(1);
});
