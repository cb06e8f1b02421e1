/** What bench/synth-beside-aws-cdk.ts reads off the environments. */
export interface Fleet {
  readonly name: string;
  readonly fleet: string;
  readonly region: string;
  readonly topology: 'instances' | 'multi-az-cluster' | 'aurora';
  readonly zones: readonly string[];
  readonly existingVpc: boolean;
  readonly instanceClass: string;
  readonly storageGiB: number;
  readonly readers: readonly string[];
  readonly proxy: boolean;
  readonly proxyReader: boolean;
  /** As many as the environment's stack has. */
  readonly alarms: number;
  readonly composites: number;
}
