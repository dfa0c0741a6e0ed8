/* task.h - the exit codes of the suite's own task. */
#ifndef CONTRACT_TASK_H
#define CONTRACT_TASK_H

enum task_end {
	TASK_NO_JOB = 90,      /* VM_JOB_VARIABLE is not set */
	TASK_JOB_DAMAGED = 91, /* it is not the job that was given */
	TASK_JOB_SHOWN = 92    /* the job stands on a command line, where everybody reads it */
};

#endif
