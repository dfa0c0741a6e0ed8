"""test_security_files.py - what the process is like: its files, its descriptors, its crashes."""
import os
import stat
import subprocess
import unittest

from vidmill import VIDMILL, Vidmill, clip, wait_for

CODEC = 'name = "web"; plugin = "codec-mock";'
SLOW = CODEC + ' script = ( { operation = "run"; delay = "20s"; } );'


def close_standard():
    for number in range(3):
        os.close(number)


class Files(unittest.TestCase):
    def serve(self, **options):
        vidmill = Vidmill(stage=options.pop("stage", CODEC))
        for name, value in options.items():
            setattr(vidmill, name, value)
        self.addCleanup(vidmill.close)
        return vidmill.start()

    def check_modes(self, umask):
        vidmill = self.serve(before=lambda: os.umask(umask))
        with open(os.path.join(vidmill.folder, "bad.mp4"), "w") as file:
            file.write("no video")
        vidmill.wait_processed(vidmill.upload(clip("realshort.mp4")))
        vidmill.wait_processed(vidmill.upload(file.name))
        vidmill.stop()
        self.assertEqual(stat.S_IMODE(os.stat(vidmill.state).st_mode), 0o700)
        seen = 0
        for folder, folders, files in os.walk(vidmill.state):
            for name in folders + files:
                path = os.path.join(folder, name)
                mode = stat.S_IMODE(os.lstat(path).st_mode)
                self.assertEqual(mode, 0o700 if name in folders else 0o600, path)
                seen += 1
        self.assertGreater(seen, 20)

    def test_modes_with_a_generous_umask(self):
        self.check_modes(0o000)

    def test_modes_with_the_usual_umask(self):
        self.check_modes(0o022)

    def test_modes_with_a_umask_that_takes_all(self):
        self.check_modes(0o777)

    def test_descriptors_0_to_2_closed(self):
        vidmill = self.serve(before=close_standard)
        vidmill.wait_processed(vidmill.upload(clip("realshort.mp4")))
        # They are the null device, in the server as in all that it starts.
        for number in range(3):
            self.assertEqual(os.readlink(f"/proc/{vidmill.process.pid}/fd/{number}"), "/dev/null")

    def test_each_descriptor_closed_alone(self):
        for number in range(3):
            vidmill = self.serve(before=lambda number=number: os.close(number))
            vidmill.wait_processed(vidmill.upload(clip("realshort.mp4")))
            vidmill.stop()

    def test_a_command_without_descriptors(self):
        vidmill = Vidmill(stage=CODEC)
        self.addCleanup(vidmill.close)
        run = subprocess.run([VIDMILL, "check", vidmill.pipeline], env=vidmill.environment(),
                             preexec_fn=close_standard)
        self.assertEqual(run.returncode, 0)

    def test_no_core_of_server_worker_or_child(self):
        vidmill = self.serve(stage=SLOW)
        vidmill.upload(clip("realshort.mp4"))
        wait_for(vidmill.children, "the child")
        for pid in [vidmill.process.pid, *vidmill.workers(), *vidmill.children()]:
            with open(f"/proc/{pid}/limits") as file:
                core, = [line for line in file if line.startswith("Max core file size")]
            self.assertEqual(core.split()[4:6], ["0", "0"], pid)
        for pid in [*vidmill.workers(), *vidmill.children()]:
            # Of a process that cannot be dumped everything in /proc is the superuser's.
            self.assertEqual(os.stat(f"/proc/{pid}/mem").st_uid, 0)


if __name__ == "__main__":
    unittest.main()
