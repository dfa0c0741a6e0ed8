/* alarms.c - what CloudWatch watches in the two queues. */
#include <stdlib.h>
#include <string.h>

#include "provision.h"

#define VERSION "2010-08-01"
/* Older than this a message is looked for: above the longest that one is hidden while it works. */
#define OLDEST_S 43200

struct alarm {
	const char *suffix, *metric, *what;
	int threshold;
	enum sqs_place place;
};

/* In the order in which they are asked for. */
struct parameter {
	const char *name, *value;
};

static int fill(struct aws_query *form, const struct parameter *parameters, struct vm_error *err)
{
	int status = VM_OK;

	for (; parameters->name != NULL && status == VM_OK; parameters++)
		status = aws_query_add(form, parameters->name, parameters->value, err);
	return status;
}

/* Whether the service has it with this metric and this threshold. */
static int look_at(const struct sqs_provisioning *provisioning, struct aws_client *cloudwatch,
                   const struct alarm *alarm, const char *name, bool *same)
{
	const struct parameter parameters[] = {{"AlarmNames.member.1", name}, {NULL, NULL}};
	struct aws_query form = {0};
	xmlDoc *document = NULL;
	const xmlNode *found;
	char metric[64], threshold[32];
	int status = fill(&form, parameters, provisioning->err);

	*same = false;
	if (status == VM_OK)
		status = aws_form(cloudwatch, "DescribeAlarms", VERSION, "look at an alarm", &form,
		                  &document, provisioning->call, provisioning->err);
	if (status == VM_OK) {
		found = aws_xml_child(xmlDocGetRootElement(document), "DescribeAlarmsResult");
		found = aws_xml_child(aws_xml_child(found, "MetricAlarms"), "member");
		*same = aws_xml_text(found, "MetricName", metric, sizeof metric) &&
		        strcmp(metric, alarm->metric) == 0 &&
		        aws_xml_text(found, "Threshold", threshold, sizeof threshold) &&
		        (int)strtod(threshold, NULL) == alarm->threshold;
	}
	xmlFreeDoc(document);
	aws_query_finish(&form);
	return status;
}

static int put(const struct sqs_provisioning *provisioning, struct aws_client *cloudwatch,
               const struct alarm *alarm, const char *name)
{
	char threshold[16];
	const struct parameter parameters[] = {
	    {"AlarmName", name},
	    {"AlarmDescription", alarm->what},
	    {"Namespace", "AWS/SQS"},
	    {"MetricName", alarm->metric},
	    {"Dimensions.member.1.Name", "QueueName"},
	    {"Dimensions.member.1.Value", sqs_name(provisioning->sqs, alarm->place)},
	    {"Statistic", "Maximum"},
	    {"Period", "300"},
	    {"EvaluationPeriods", "1"},
	    {"Threshold", threshold},
	    {"ComparisonOperator", "GreaterThanThreshold"},
	    {"TreatMissingData", "notBreaching"},
	    {NULL, NULL},
	};
	struct aws_query form = {0};
	int status;

	snprintf(threshold, sizeof threshold, "%d", alarm->threshold);
	status = fill(&form, parameters, provisioning->err);
	if (status == VM_OK)
		status = aws_form(cloudwatch, "PutMetricAlarm", VERSION, "put an alarm", &form, NULL,
		                  provisioning->call, provisioning->err);
	aws_query_finish(&form);
	return status;
}

static int provide(const struct sqs_provisioning *provisioning, struct aws_client *cloudwatch,
                   const struct alarm *alarm)
{
	char name[192];
	bool same;
	int status;

	snprintf(name, sizeof name, "%s-%s", sqs_name(provisioning->sqs, alarm->place), alarm->suffix);
	status = look_at(provisioning, cloudwatch, alarm, name, &same);
	if (status == VM_ERR_UNSUPPORTED) {
		sqs_say(provisioning, name, "alarm, cannot be put: the service has none");
		return VM_OK;
	}
	if (status == VM_OK && !same && !provisioning->dry_run)
		status = put(provisioning, cloudwatch, alarm, name);
	if (status == VM_OK)
		sqs_say(provisioning, name,
		        same                    ? "alarm, as it should be"
		        : provisioning->dry_run ? "alarm, would be put"
		                                : "alarm, put");
	return status;
}

int sqs_provide_alarms(const struct sqs_provisioning *provisioning)
{
	static const struct aws_service service = {.name = "monitoring"};
	static const struct alarm alarms[] = {
	    {"dead-letters", "ApproximateNumberOfMessagesVisible",
	     "vidmill: messages that will not be tried again; see `vidmill dead-letters`", 0, SQS_DEAD},
	    {"oldest", "ApproximateAgeOfOldestMessage",
	     "vidmill: a message is older than any that is being worked on", OLDEST_S, SQS_QUEUE},
	};
	struct aws_client *cloudwatch = NULL;
	int status = aws_client_create(&service, &provisioning->sqs->config->aws,
	                               provisioning->sqs->host, &cloudwatch, provisioning->err);

	for (size_t i = 0; i < sizeof alarms / sizeof *alarms && status == VM_OK; i++)
		status = provide(provisioning, cloudwatch, &alarms[i]);
	aws_client_destroy(cloudwatch);
	return status;
}
