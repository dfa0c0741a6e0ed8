// page.js - plays one manifest with one player: start, switches, end, seek, end, wind; then reports what it saw.
"use strict";

const PATIENCE_MS = 20000;
const video = document.getElementById("video");
const report = {errors: [], heights: [], steps: []};

function fail(what) {
	report.errors.push(String(what));
}

// Resolves as soon as the condition holds; it is looked at whenever something may have changed.
function until(condition, what) {
	return new Promise((resolve, reject) => {
		const begun = performance.now();
		const timer = setInterval(() => {
			if (condition()) {
				clearInterval(timer);
				resolve();
			} else if (report.errors.length > 0 || performance.now() - begun > PATIENCE_MS) {
				clearInterval(timer);
				reject(new Error(`waited for ${what} at ${video.currentTime}`));
			}
		}, 20);
	});
}

const players = {
	hlsjs: {
		async load(url) {
			const hls = this.hls = new Hls({startLevel: 0, capLevelToPlayerSize: false});
			hls.on(Hls.Events.ERROR, (_, data) => {
				// What it breaks off itself, to load another rendition, it calls an error as well.
				if (data.details !== Hls.ErrorDetails.INTERNAL_ABORTED)
					fail(`${data.type} ${data.details} ${data.reason || ""}`);
			});
			hls.loadSource(url);
			hls.attachMedia(video);
			await until(() => hls.levels.length > 0, "the manifest");
		},
		heights() {
			return this.hls.levels.map(level => level.height);
		},
		select(height) {
			this.hls.currentLevel = this.hls.levels.findIndex(level => level.height === height);
		},
		sounds() {
			return this.hls.audioTracks.length;
		},
		texts() {
			return this.hls.subtitleTracks.length;
		}
	},
	shaka: {
		async load(url) {
			shaka.polyfill.installAll();
			const player = this.player = new shaka.Player();
			player.addEventListener("error", event => fail(`shaka ${event.detail.code} ${event.detail.data}`));
			await player.attach(video);
			player.configure({abr: {enabled: false}});
			await player.load(url);
		},
		tracks() {
			return this.player.getVariantTracks();
		},
		heights() {
			return [...new Set(this.tracks().map(track => track.height))];
		},
		select(height) {
			const active = this.tracks().find(track => track.active);
			this.player.selectVariantTrack(this.tracks().find(
				track => track.height === height && track.audioId === active.audioId), true);
		},
		sounds() {
			return this.player.getAudioTracks().length;
		},
		texts() {
			return this.player.getTextTracks().length;
		},
		// Once more from the start, four times as fast: by keyframes alone where there is a playlist of them.
		async wind(url) {
			this.player.configure({streaming: {bufferingGoal: 1}});
			await this.player.load(url);
			await video.play();
			this.player.trickPlay(4, true);
		}
	}
};

async function step(name, work) {
	await work();
	report.steps.push(name);
}

// From the darkest to the brightest point that is shown: nothing to see has 0.
function contrast() {
	const canvas = document.createElement("canvas");
	canvas.width = 64;
	canvas.height = 36;
	const context = canvas.getContext("2d");
	context.drawImage(video, 0, 0, canvas.width, canvas.height);
	const green = context.getImageData(0, 0, canvas.width, canvas.height).data.filter((_, i) => i % 4 === 1);
	return Math.max(...green) - Math.min(...green);
}

async function show(player, height) {
	player.select(height);
	await until(() => video.videoHeight === height && video.readyState >= 3, `pictures ${height} high`);
	report.heights.push(video.videoHeight);
}

async function play() {
	const query = new URLSearchParams(location.search);
	const player = players[query.get("player")];

	video.addEventListener("error", () => fail(`video: ${video.error.message}`));
	await step("load", () => player.load(query.get("url")));
	await step("start", async () => {
		await video.play();
		await until(() => video.currentTime > 0.2, "the start");
	});
	const heights = player.heights().sort((a, b) => a - b);
	await step("switch down", () => show(player, heights[0]));
	await step("switch up", () => show(player, heights[heights.length - 1]));
	video.playbackRate = 2;
	await step("end", () => until(() => video.ended, "the end"));
	report.duration = video.duration;
	report.end = video.currentTime;
	report.frames = video.getVideoPlaybackQuality().totalVideoFrames;
	report.sounds = player.sounds();
	report.texts = player.texts();
	await step("seek", async () => {
		video.currentTime = report.duration / 2;
		await video.play();
		await until(() => !video.seeking && video.currentTime > report.duration / 2 + 0.1, "the middle");
		report.seeked = video.currentTime;
		report.contrast = contrast();
	});
	await step("end again", () => until(() => video.ended, "the end"));
	if (player.wind !== undefined)
		await step("wind", async () => {
			await player.wind(query.get("url"));
			await until(() => video.currentTime > report.duration - 0.5, "the end");
			report.wound = contrast();
		});
}

play().catch(fail).finally(() => fetch("/report", {method: "POST", body: JSON.stringify(report)}));
