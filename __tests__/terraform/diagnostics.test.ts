import { diagnosticsIn, formatDiagnostics } from '../../terraform/diagnostics';

const raw = {
  severity: 'error',
  summary: 'Unsupported argument',
  detail: 'An argument named "size" is not expected here.',
  range: { filename: 'cdk.tf.json', start: { line: 12, column: 3 } },
  snippet: { context: 'resource.aws_db_instance.primary', code: '      "size": 3,' },
};

test('the document of validate is read', () => {
  const output = JSON.stringify({ valid: false, error_count: 1, diagnostics: [raw] });

  expect(diagnosticsIn(output)).toEqual([
    {
      severity: 'error',
      summary: 'Unsupported argument',
      detail: 'An argument named "size" is not expected here.',
      context: 'resource.aws_db_instance.primary',
      code: '      "size": 3,',
      range: { file: 'cdk.tf.json', line: 12 },
    },
  ]);
});

test('the lines of plan and init are read, and what is no message is passed over', () => {
  const warning = {
    type: 'diagnostic',
    diagnostic: { severity: 'warning', summary: 'Old', detail: '', address: 'a.b' },
  };
  const output = ['{"type":"version"}', 'plain words', '{broken', JSON.stringify(warning), ''].join('\n');

  expect(diagnosticsIn(output)).toEqual([{ severity: 'warning', summary: 'Old', detail: '', address: 'a.b' }]);
});

test('the text names resource, construct, file and line, errors before warnings', () => {
  const diagnostics = [
    { severity: 'warning' as const, summary: 'Deprecated', detail: '' },
    ...diagnosticsIn(JSON.stringify({ diagnostics: [raw] })),
  ];

  expect(formatDiagnostics(diagnostics, () => 'production/Primary')).toBe(
    [
      'Error: Unsupported argument',
      '  aws_db_instance.primary  construct production/Primary  cdk.tf.json:12  "size": 3,',
      '    An argument named "size" is not expected here.',
      'Warning: Deprecated',
    ].join('\n'),
  );
});
