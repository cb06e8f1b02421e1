import { describeWith, lowest } from '../../support/left-out';
import { lowestOf } from './lowest';
import { nestModule } from './nestjs-suite';
import { promises } from './read-your-writes-suite';
import { sites } from './sites';

jest.mock('express', () => jest.requireActual('./lowest').lowestOf('express'));
jest.mock('fastify', () => jest.requireActual('./lowest').lowestOf('fastify'));
jest.mock('@nestjs/common', () => jest.requireActual('./lowest').lowestOf('@nestjs/common'));
jest.mock('@nestjs/core', () => jest.requireActual('./lowest').lowestOf('@nestjs/core'));
jest.mock('@nestjs/platform-express', () => jest.requireActual('./lowest').lowestOf('@nestjs/platform-express'));
jest.mock('@nestjs/platform-fastify', () => jest.requireActual('./lowest').lowestOf('@nestjs/platform-fastify'));

const FRAMEWORKS = [
  'express',
  'fastify',
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
];

describeWith(lowest, 'the lowest versions of the frameworks', () => {
  const ofFrameworks = sites.filter(([name]) => name !== 'node:http');

  promises(ofFrameworks);

  describe('the module of NestJS', nestModule);

  test.each(FRAMEWORKS)('%s was not that of the project', (name) => {
    expect(require(name)).toBe(lowestOf(name));
    expect(require(name)).not.toBe(jest.requireActual(name));
  });
});
