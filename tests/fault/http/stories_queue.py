"""stories_queue.py - what queue-sqs is asked to do while something is wrong."""
import servers
from rig import QUIET_S, Wrong
from story import Story
from with_server import DEAD, QUEUE

TEXT = "a message, " * 40
HIDDEN_S = 60  # longer than a cell


def options(server):
    return (f'queue = "{QUEUE}"; dead_letters = "{DEAD}"; endpoint = "{server.endpoint}"; '
            f'region = "{servers.REGION}"; visibility = "1s"; timeout = "{QUIET_S}s"; '
            f'connect_timeout = "1s";')


def environment(server):
    return {}


def set_up(rig):
    rig.sqs = rig.server.aws("sqs")
    rig.urls = {name: rig.sqs.get_queue_url(QueueName=name)["QueueUrl"] for name in (QUEUE, DEAD)}
    rig.through.surely("connect")  # it knows the queues' addresses


class Queue(Story):
    """Two queues that are empty at first; what is in them is counted without the plugin."""

    once = ("json", "json-or", "json-empty")

    def prepare(self):
        for url in self.rig.urls.values():
            self.rig.sqs.purge_queue(QueueUrl=url)

    def count(self, name):
        """Messages that could be received, and messages that are hidden."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.rig.sqs.get_queue_attributes(QueueUrl=self.rig.urls[name],
                                                  AttributeNames=names)["Attributes"]
        return tuple(int(found[name]) for name in names)

    def there(self, name):
        return sum(self.count(name))

    def put(self, name=QUEUE):
        return self.rig.sqs.send_message(QueueUrl=self.rig.urls[name],
                                         MessageBody=TEXT)["MessageId"]

    def take(self):
        """Puts a message and receives it; the receipt."""
        self.id = self.put()
        return self.rig.sqs.receive_message(QueueUrl=self.rig.urls[QUEUE],
                                            VisibilityTimeout=HIDDEN_S)["Messages"][0]["ReceiptHandle"]


class Send(Queue):
    operation, requests = "send", ["json"]

    def prepare(self):
        super().prepare()
        self.line["text"] = TEXT

    def done(self):
        return self.there(QUEUE) >= 1


class Receive(Queue):
    operation, requests = "receive", ["json"]

    def prepare(self):
        super().prepare()
        self.put()
        # Hidden by a receive whose answer was lost it comes up after a second.
        self.line["wait_ms"] = 2000

    def right(self, out):
        return [message["text"] for message in out.get("list", [])] == [TEXT]


class Extend(Queue):
    operation, requests = "extend", ["json-empty"]
    after_doubt = ("conflict",)

    def prepare(self):
        super().prepare()
        self.line.update(receipt=self.take(), hide_ms=0)

    def done(self):
        return self.count(QUEUE) == (1, 0)


class Remove(Queue):
    operation, requests = "remove", ["json-empty"]

    def prepare(self):
        super().prepare()
        self.line["receipt"] = self.take()

    def done(self):
        return self.there(QUEUE) == 0


class DeadLetter(Queue):
    operation, requests = "dead_letter", ["json", "json-empty"]

    def prepare(self):
        super().prepare()
        self.line.update(receipt=self.take(), text=TEXT, id=self.id)

    def done(self):
        queue, dead = self.there(QUEUE), self.there(DEAD)
        if queue == 0 and dead == 0:
            raise Wrong("it is neither in the queue nor among the dead letters")
        # In both places is allowed: the operation has not ended then.
        return None if queue and dead else dead >= 1


class Stats(Queue):
    operation, requests = "stats", ["json", "json"]

    def prepare(self):
        super().prepare()
        self.put()
        self.put(DEAD)

    def right(self, out):
        return out == {"visible": 1, "dead": 1}


class ListDead(Queue):
    operation, requests = "list_dead", ["json", "json", "ignored"]

    def prepare(self):
        super().prepare()
        self.put(DEAD)

    def right(self, out):
        # What a receive has hidden whose answer was lost comes up later.
        return [letter["text"] for letter in out.get("list", [])] == [TEXT] or \
            self.count(DEAD) == (0, 1)

    def done(self):
        if self.there(DEAD) != 1:
            raise Wrong("a dead letter is lost, or there are more")
        return None


class Letter(Queue):
    """A dead letter that is asked for by its id."""

    after_doubt = ("not_found",)

    def prepare(self):
        super().prepare()
        self.line["id"] = self.put(DEAD)

    def is_hidden(self):
        """By a receive whose answer was lost: it is not found until it comes up."""
        return self.count(DEAD) == (0, 1)


class RedriveOne(Letter):
    operation, requests = "redrive", ["json", "json", "json-empty", "ignored"]

    def done(self):
        queue, dead = self.there(QUEUE), self.there(DEAD)
        if queue == 0 and dead == 0:
            raise Wrong("it is neither in the queue nor among the dead letters")
        return None if dead else True


class RemoveDead(Letter):
    operation, requests = "remove_dead", ["json", "json-empty", "ignored"]

    def done(self):
        return None if self.is_hidden() else self.there(DEAD) == 0


class RedriveAll(Queue):
    operation, requests = "redrive", ["json", "json", "json-or", "json"]
    after_doubt = ("unavailable",)

    def prepare(self):
        super().prepare()
        self.put(DEAD)

    def done(self):
        queue, dead = self.there(QUEUE), self.there(DEAD)
        if queue == 0 and dead == 0:
            raise Wrong("it is neither in the queue nor among the dead letters")
        return None


class Connect(Queue):
    operation, requests = "connect", ["json", "json"]


STORIES = {
    "connect": Connect, "send": Send, "receive": Receive, "extend": Extend, "remove": Remove,
    "dead_letter": DeadLetter, "stats": Stats, "list_dead": ListDead, "redrive-one": RedriveOne,
    "redrive-all": RedriveAll, "remove_dead": RemoveDead,
}
