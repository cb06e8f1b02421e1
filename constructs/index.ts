export * from './aws-provider';
export * from './environment';
export * from './stack';
export * from './state-backend';
