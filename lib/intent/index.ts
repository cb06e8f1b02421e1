export type { FunctionCatalogue, FunctionEntry, OperatorEntry, RelationEntry, TypeEntry } from './catalogue';
export { CatalogueKeeper, type CatalogueKeeperOptions } from './catalogue-keeper';
export { catalogueVersion } from './catalogue-version';
export { type Classifier, type ClassifierOptions, loadClassifier } from './classifier';
export type { Intent, SessionEffect, Target } from './intent';
export { type CatalogueQuery, readFunctionCatalogue } from './read-catalogue';
