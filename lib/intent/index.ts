export type { FunctionCatalogue, FunctionEntry, OperatorEntry, RelationEntry, TypeEntry } from './catalogue';
export { type Classifier, type ClassifierOptions, loadClassifier } from './classifier';
export type { Intent, SessionEffect, Target } from './intent';
export { type CatalogueQuery, readFunctionCatalogue } from './read-catalogue';
