/** How long a test may take under a mutant, by what it takes without: the machine may be busy with other things. */
export const patience = (milliseconds = 1000): number => 10 * milliseconds + 5000;
