/* layout_x86_64.h - where everything of plugin ABI 1.0 lies on x86_64; only ever appended to. */
/* Included by layout.c, which says what SIZE and OFFSET are; so there is no guard. */

SIZE(vm_error, 512);
OFFSET(vm_error, status, 0);
OFFSET(vm_error, native, 4);
OFFSET(vm_error, retry_after_ms, 8);
OFFSET(vm_error, reserved, 12);
OFFSET(vm_error, message, 16);

SIZE(vm_call, 8);
OFFSET(vm_call, table, 0);

SIZE(vm_call_table, 48);
OFFSET(vm_call_table, size, 0);
OFFSET(vm_call_table, reserved, 4);
OFFSET(vm_call_table, cancelled, 8);
OFFSET(vm_call_table, cancel_fd, 16);
OFFSET(vm_call_table, time_left_ms, 24);
OFFSET(vm_call_table, sleep_ms, 32);
OFFSET(vm_call_table, progress, 40);

SIZE(vm_host, 40);
OFFSET(vm_host, size, 0);
OFFSET(vm_host, reserved, 4);
OFFSET(vm_host, log, 8);
OFFSET(vm_host, state_dir, 16);
OFFSET(vm_host, role, 24);
OFFSET(vm_host, pipeline, 32);

SIZE(vm_sink, 8);
OFFSET(vm_sink, write, 0);

SIZE(vm_source, 16);
OFFSET(vm_source, bytes, 0);
OFFSET(vm_source, read_at, 8);

SIZE(vm_rational, 16);
OFFSET(vm_rational, num, 0);
OFFSET(vm_rational, den, 8);

SIZE(vm_strings, 16);
OFFSET(vm_strings, items, 0);
OFFSET(vm_strings, count, 8);

SIZE(vm_groups, 16);
OFFSET(vm_groups, items, 0);
OFFSET(vm_groups, count, 8);

SIZE(vm_option, 80);
OFFSET(vm_option, name, 0);
OFFSET(vm_option, type, 8);
OFFSET(vm_option, flags, 12);
OFFSET(vm_option, offset, 16);
OFFSET(vm_option, fallback, 24);
OFFSET(vm_option, min, 32);
OFFSET(vm_option, max, 40);
OFFSET(vm_option, choices, 48);
OFFSET(vm_option, group, 56);
OFFSET(vm_option, group_size, 64);
OFFSET(vm_option, doc, 72);

SIZE(vm_object, 144);
OFFSET(vm_object, bytes, 0);
OFFSET(vm_object, modified_ms, 8);
OFFSET(vm_object, etag, 16);

SIZE(vm_part, 144);
OFFSET(vm_part, number, 0);
OFFSET(vm_part, reserved, 4);
OFFSET(vm_part, bytes, 8);
OFFSET(vm_part, etag, 16);

SIZE(vm_put, 24);
OFFSET(vm_put, key, 0);
OFFSET(vm_put, content_type, 8);
OFFSET(vm_put, if_absent, 16);

SIZE(vm_storage_traits, 40);
OFFSET(vm_storage_traits, size, 0);
OFFSET(vm_storage_traits, parts_max, 4);
OFFSET(vm_storage_traits, part_bytes_min, 8);
OFFSET(vm_storage_traits, part_bytes_max, 16);
OFFSET(vm_storage_traits, object_bytes_max, 24);
OFFSET(vm_storage_traits, announces, 32);
OFFSET(vm_storage_traits, distant, 33);
OFFSET(vm_storage_traits, streams, 34);

SIZE(vm_request, 48);
OFFSET(vm_request, method, 0);
OFFSET(vm_request, url, 8);
OFFSET(vm_request, headers, 16);
OFFSET(vm_request, part, 24);
OFFSET(vm_request, offset, 32);
OFFSET(vm_request, bytes, 40);

SIZE(vm_presign, 40);
OFFSET(vm_presign, put, 0);
OFFSET(vm_presign, bytes, 24);
OFFSET(vm_presign, expires_ms, 32);

SIZE(vm_storage_event, 40);
OFFSET(vm_storage_event, key, 0);
OFFSET(vm_storage_event, etag, 8);
OFFSET(vm_storage_event, sequencer, 16);
OFFSET(vm_storage_event, bytes, 24);
OFFSET(vm_storage_event, removed, 32);

SIZE(vm_storage_ops, 120);
OFFSET(vm_storage_ops, size, 0);
OFFSET(vm_storage_ops, reserved, 4);
OFFSET(vm_storage_ops, traits, 8);
OFFSET(vm_storage_ops, stat, 16);
OFFSET(vm_storage_ops, read_at, 24);
OFFSET(vm_storage_ops, put, 32);
OFFSET(vm_storage_ops, upload_begin, 40);
OFFSET(vm_storage_ops, upload_part, 48);
OFFSET(vm_storage_ops, upload_commit, 56);
OFFSET(vm_storage_ops, upload_abort, 64);
OFFSET(vm_storage_ops, remove, 72);
OFFSET(vm_storage_ops, list, 80);
OFFSET(vm_storage_ops, list_uploads, 88);
OFFSET(vm_storage_ops, presign, 96);
OFFSET(vm_storage_ops, decode_event, 104);
OFFSET(vm_storage_ops, presign_finish, 112);

SIZE(vm_message, 48);
OFFSET(vm_message, id, 0);
OFFSET(vm_message, receipt, 8);
OFFSET(vm_message, body, 16);
OFFSET(vm_message, length, 24);
OFFSET(vm_message, receives, 32);
OFFSET(vm_message, reserved, 36);
OFFSET(vm_message, sent_ms, 40);

SIZE(vm_dead_letter, 48);
OFFSET(vm_dead_letter, id, 0);
OFFSET(vm_dead_letter, body, 8);
OFFSET(vm_dead_letter, length, 16);
OFFSET(vm_dead_letter, reason, 24);
OFFSET(vm_dead_letter, receives, 32);
OFFSET(vm_dead_letter, reserved, 36);
OFFSET(vm_dead_letter, died_ms, 40);

SIZE(vm_queue_traits, 40);
OFFSET(vm_queue_traits, size, 0);
OFFSET(vm_queue_traits, max_receives, 4);
OFFSET(vm_queue_traits, visibility_ms, 8);
OFFSET(vm_queue_traits, extend_max_ms, 16);
OFFSET(vm_queue_traits, delay_max_ms, 24);
OFFSET(vm_queue_traits, message_bytes_max, 32);

SIZE(vm_queue_stats, 48);
OFFSET(vm_queue_stats, size, 0);
OFFSET(vm_queue_stats, reserved, 4);
OFFSET(vm_queue_stats, visible, 8);
OFFSET(vm_queue_stats, invisible, 16);
OFFSET(vm_queue_stats, delayed, 24);
OFFSET(vm_queue_stats, dead, 32);
OFFSET(vm_queue_stats, oldest_ms, 40);

SIZE(vm_queue_ops, 88);
OFFSET(vm_queue_ops, size, 0);
OFFSET(vm_queue_ops, reserved, 4);
OFFSET(vm_queue_ops, traits, 8);
OFFSET(vm_queue_ops, send, 16);
OFFSET(vm_queue_ops, receive, 24);
OFFSET(vm_queue_ops, extend, 32);
OFFSET(vm_queue_ops, remove, 40);
OFFSET(vm_queue_ops, dead_letter, 48);
OFFSET(vm_queue_ops, stats, 56);
OFFSET(vm_queue_ops, list_dead, 64);
OFFSET(vm_queue_ops, redrive, 72);
OFFSET(vm_queue_ops, remove_dead, 80);

SIZE(vm_task, 24);
OFFSET(vm_task, token, 0);
OFFSET(vm_task, job, 8);
OFFSET(vm_task, command, 16);

SIZE(vm_task_status, 272);
OFFSET(vm_task_status, size, 0);
OFFSET(vm_task_status, state, 4);
OFFSET(vm_task_status, exit_code, 8);
OFFSET(vm_task_status, interrupted, 12);
OFFSET(vm_task_status, reason, 16);

SIZE(vm_compute_traits, 32);
OFFSET(vm_compute_traits, size, 0);
OFFSET(vm_compute_traits, reserved, 4);
OFFSET(vm_compute_traits, start_ms, 8);
OFFSET(vm_compute_traits, watch_ms, 16);
OFFSET(vm_compute_traits, ends_with_host, 24);

SIZE(vm_compute_ops, 48);
OFFSET(vm_compute_ops, size, 0);
OFFSET(vm_compute_ops, reserved, 4);
OFFSET(vm_compute_ops, traits, 8);
OFFSET(vm_compute_ops, start, 16);
OFFSET(vm_compute_ops, status, 24);
OFFSET(vm_compute_ops, stop, 32);
OFFSET(vm_compute_ops, capacity, 40);

SIZE(vm_field, 16);
OFFSET(vm_field, name, 0);
OFFSET(vm_field, type, 8);

SIZE(vm_condition, 32);
OFFSET(vm_condition, field, 0);
OFFSET(vm_condition, match, 8);
OFFSET(vm_condition, text, 16);
OFFSET(vm_condition, number, 24);

SIZE(vm_find, 56);
OFFSET(vm_find, conditions, 0);
OFFSET(vm_find, count, 8);
OFFSET(vm_find, order_by, 16);
OFFSET(vm_find, descending, 24);
OFFSET(vm_find, limit, 28);
OFFSET(vm_find, after_id, 32);
OFFSET(vm_find, after_text, 40);
OFFSET(vm_find, after_number, 48);

SIZE(vm_document, 32);
OFFSET(vm_document, id, 0);
OFFSET(vm_document, version, 8);
OFFSET(vm_document, json, 16);
OFFSET(vm_document, length, 24);

SIZE(vm_meta_ops, 56);
OFFSET(vm_meta_ops, size, 0);
OFFSET(vm_meta_ops, reserved, 4);
OFFSET(vm_meta_ops, index, 8);
OFFSET(vm_meta_ops, get, 16);
OFFSET(vm_meta_ops, put, 24);
OFFSET(vm_meta_ops, find, 32);
OFFSET(vm_meta_ops, count, 40);
OFFSET(vm_meta_ops, remove, 48);

SIZE(vm_limits, 40);
OFFSET(vm_limits, size, 0);
OFFSET(vm_limits, streams, 4);
OFFSET(vm_limits, duration_ms, 8);
OFFSET(vm_limits, width, 16);
OFFSET(vm_limits, height, 20);
OFFSET(vm_limits, frames, 24);
OFFSET(vm_limits, output_bytes, 32);

SIZE(vm_output, 24);
OFFSET(vm_output, sink, 0);
OFFSET(vm_output, rewrite, 8);
OFFSET(vm_output, close, 16);

SIZE(vm_output_want, 24);
OFFSET(vm_output_want, name, 0);
OFFSET(vm_output_want, content_type, 8);
OFFSET(vm_output_want, head_bytes, 16);

SIZE(vm_outputs, 8);
OFFSET(vm_outputs, open, 0);

SIZE(vm_codec_job, 40);
OFFSET(vm_codec_job, size, 0);
OFFSET(vm_codec_job, threads, 4);
OFFSET(vm_codec_job, source, 8);
OFFSET(vm_codec_job, outputs, 16);
OFFSET(vm_codec_job, limits, 24);
OFFSET(vm_codec_job, report, 32);

SIZE(vm_codec_ops, 32);
OFFSET(vm_codec_ops, size, 0);
OFFSET(vm_codec_ops, reserved, 4);
OFFSET(vm_codec_ops, probe, 8);
OFFSET(vm_codec_ops, run, 16);
OFFSET(vm_codec_ops, verify, 24);

SIZE(vm_plugin, 136);
OFFSET(vm_plugin, magic, 0);
OFFSET(vm_plugin, abi_major, 4);
OFFSET(vm_plugin, abi_minor, 6);
OFFSET(vm_plugin, size, 8);
OFFSET(vm_plugin, kind, 12);
OFFSET(vm_plugin, name, 16);
OFFSET(vm_plugin, version, 24);
OFFSET(vm_plugin, summary, 32);
OFFSET(vm_plugin, threads, 40);
OFFSET(vm_plugin, reserved, 44);
OFFSET(vm_plugin, options, 48);
OFFSET(vm_plugin, config_size, 56);
OFFSET(vm_plugin, ops, 64);
OFFSET(vm_plugin, load, 72);
OFFSET(vm_plugin, check, 80);
OFFSET(vm_plugin, create, 88);
OFFSET(vm_plugin, destroy, 96);
OFFSET(vm_plugin, unload, 104);
OFFSET(vm_plugin, connect, 112);
OFFSET(vm_plugin, provision, 120);
OFFSET(vm_plugin, permissions, 128);
