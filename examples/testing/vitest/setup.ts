import { readMatchers } from 'readfleet/testing';
import { expect } from 'vitest';

expect.extend(readMatchers);
