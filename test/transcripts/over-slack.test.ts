import { testOver } from './over-platform.ts';

testOver('slack');
