# task.Dockerfile - what a contract suite has started: it leaves its traces in a folder of root's.
ARG BASE
FROM ${BASE}
USER 0
