import { type Classifier, loadClassifier } from '../../../lib/intent';
import { CORPUS, intentOf, type Statement } from './corpus';

let classifier: Classifier;

beforeAll(async () => {
  classifier = await loadClassifier();
});

const bySubject = new Map<string, Statement[]>();
for (const statement of CORPUS)
  bySubject.set(statement.subject, [...(bySubject.get(statement.subject) ?? []), statement]);

describe.each([...bySubject])('%s', (_subject, statements) => {
  test.each(statements)('$reason: $sql', (statement) => {
    expect(classifier.classify(statement.sql)).toEqual(intentOf(statement));
  });
});
