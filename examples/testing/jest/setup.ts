import { readMatchers } from 'readfleet/testing';

expect.extend(readMatchers);
