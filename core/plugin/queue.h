/* queue.h - the operations of a queue instance, each in its turn. */
#ifndef PLUGIN_QUEUE_H
#define PLUGIN_QUEUE_H

#include "plugin/instance.h"

/* The contract is vidmill/queue.h's. */
void queue_traits(struct instance *queue, struct vm_queue_traits *out);
int queue_send(struct instance *queue, const void *body, size_t length, uint64_t delay_ms,
               const struct vm_call *call, struct vm_error *err);
int queue_receive(struct instance *queue, uint32_t max, uint64_t wait_ms, vm_message_fn *emit,
                  void *ctx, const struct vm_call *call, struct vm_error *err);
int queue_extend(struct instance *queue, const char *receipt, uint64_t visibility_ms,
                 const struct vm_call *call, struct vm_error *err);
int queue_remove(struct instance *queue, const char *receipt, const struct vm_call *call,
                 struct vm_error *err);
int queue_dead_letter(struct instance *queue, const struct vm_message *message, const char *reason,
                      const struct vm_call *call, struct vm_error *err);
int queue_stats(struct instance *queue, struct vm_queue_stats *out, const struct vm_call *call,
                struct vm_error *err);
int queue_list_dead(struct instance *queue, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                    const struct vm_call *call, struct vm_error *err);
int queue_redrive(struct instance *queue, const char *id, uint64_t *moved,
                  const struct vm_call *call, struct vm_error *err);
int queue_remove_dead(struct instance *queue, const char *id, const struct vm_call *call,
                      struct vm_error *err);

#endif
