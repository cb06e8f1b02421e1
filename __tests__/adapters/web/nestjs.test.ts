import { nestModule } from './nestjs-suite';

nestModule();
