export type { FunctionCatalogue } from './catalogue';
export { type Classifier, type ClassifierOptions, loadClassifier } from './classifier';
export type { Intent, Target } from './intent';
export { type CatalogueQuery, readFunctionCatalogue } from './read-catalogue';
