/* codecs.c - the decoders that may touch a stranger's bytes: those that people's videos need. */
#include "codecs.h"

#include <libavutil/avstring.h>

const char codecs_allowed[] =
    "h264,hevc,libdav1d,vp8,vp9,mpeg1video,mpeg2video,mpeg4,h263,msmpeg4v1,msmpeg4v2,msmpeg4,"
    "flv,theora,mjpeg,prores,dnxhd,dvvideo,ffv1,rawvideo,png,"
    "aac,aac_latm,mp3float,mp3,mp2float,mp2,ac3,eac3,opus,vorbis,flac,alac,dca,amrnb,amrwb,"
    "adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_swf,pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,"
    "pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_alaw,pcm_mulaw,pcm_dvd,"
    "pcm_bluray,"
    "subrip,srt,ass,ssa,mov_text,webvtt,text";

const AVCodec *codecs_find_decoder(enum AVCodecID id)
{
	const AVCodec *codec = avcodec_find_decoder(id);

	return codec != NULL && av_match_name(codec->name, codecs_allowed) ? codec : NULL;
}
