/* language.c - the codes of languages: what containers write, as players want it (BCP 47). */
#include "language.h"

#include <string.h>
#include <strings.h>

/* ISO 639: of two letters, of three, of three as libraries have it where that differs. */
static const struct language languages[] = {
    {"aa", "aar", "", "Afar"},
    {"ab", "abk", "", "Abkhazian"},
    {"ae", "ave", "", "Avestan"},
    {"af", "afr", "", "Afrikaans"},
    {"ak", "aka", "", "Akan"},
    {"am", "amh", "", "Amharic"},
    {"an", "arg", "", "Aragonese"},
    {"ar", "ara", "", "Arabic"},
    {"as", "asm", "", "Assamese"},
    {"av", "ava", "", "Avaric"},
    {"ay", "aym", "", "Aymara"},
    {"az", "aze", "", "Azerbaijani"},
    {"ba", "bak", "", "Bashkir"},
    {"be", "bel", "", "Belarusian"},
    {"bg", "bul", "", "Bulgarian"},
    {"bh", "bih", "", "Bihari languages"},
    {"bi", "bis", "", "Bislama"},
    {"bm", "bam", "", "Bambara"},
    {"bn", "ben", "", "Bengali"},
    {"bo", "bod", "tib", "Tibetan"},
    {"br", "bre", "", "Breton"},
    {"bs", "bos", "", "Bosnian"},
    {"ca", "cat", "", "Catalan"},
    {"ce", "che", "", "Chechen"},
    {"ch", "cha", "", "Chamorro"},
    {"co", "cos", "", "Corsican"},
    {"cr", "cre", "", "Cree"},
    {"cs", "ces", "cze", "Czech"},
    {"cu", "chu", "", "Church Slavonic"},
    {"cv", "chv", "", "Chuvash"},
    {"cy", "cym", "wel", "Welsh"},
    {"da", "dan", "", "Danish"},
    {"de", "deu", "ger", "German"},
    {"dv", "div", "", "Maldivian"},
    {"dz", "dzo", "", "Dzongkha"},
    {"ee", "ewe", "", "Ewe"},
    {"el", "ell", "gre", "Greek"},
    {"en", "eng", "", "English"},
    {"eo", "epo", "", "Esperanto"},
    {"es", "spa", "", "Spanish"},
    {"et", "est", "", "Estonian"},
    {"eu", "eus", "baq", "Basque"},
    {"fa", "fas", "per", "Persian"},
    {"ff", "ful", "", "Fulah"},
    {"fi", "fin", "", "Finnish"},
    {"fj", "fij", "", "Fijian"},
    {"fo", "fao", "", "Faroese"},
    {"fr", "fra", "fre", "French"},
    {"fy", "fry", "", "Western Frisian"},
    {"ga", "gle", "", "Irish"},
    {"gd", "gla", "", "Scottish Gaelic"},
    {"gl", "glg", "", "Galician"},
    {"gn", "grn", "", "Guarani"},
    {"gu", "guj", "", "Gujarati"},
    {"gv", "glv", "", "Manx"},
    {"ha", "hau", "", "Hausa"},
    {"he", "heb", "", "Hebrew"},
    {"hi", "hin", "", "Hindi"},
    {"ho", "hmo", "", "Hiri Motu"},
    {"hr", "hrv", "", "Croatian"},
    {"ht", "hat", "", "Haitian Creole"},
    {"hu", "hun", "", "Hungarian"},
    {"hy", "hye", "arm", "Armenian"},
    {"hz", "her", "", "Herero"},
    {"ia", "ina", "", "Interlingua"},
    {"id", "ind", "", "Indonesian"},
    {"ie", "ile", "", "Interlingue"},
    {"ig", "ibo", "", "Igbo"},
    {"ii", "iii", "", "Sichuan Yi"},
    {"ik", "ipk", "", "Inupiaq"},
    {"io", "ido", "", "Ido"},
    {"is", "isl", "ice", "Icelandic"},
    {"it", "ita", "", "Italian"},
    {"iu", "iku", "", "Inuktitut"},
    {"ja", "jpn", "", "Japanese"},
    {"jv", "jav", "", "Javanese"},
    {"ka", "kat", "geo", "Georgian"},
    {"kg", "kon", "", "Kongo"},
    {"ki", "kik", "", "Kikuyu"},
    {"kj", "kua", "", "Kuanyama"},
    {"kk", "kaz", "", "Kazakh"},
    {"kl", "kal", "", "Greenlandic"},
    {"km", "khm", "", "Central Khmer"},
    {"kn", "kan", "", "Kannada"},
    {"ko", "kor", "", "Korean"},
    {"kr", "kau", "", "Kanuri"},
    {"ks", "kas", "", "Kashmiri"},
    {"ku", "kur", "", "Kurdish"},
    {"kv", "kom", "", "Komi"},
    {"kw", "cor", "", "Cornish"},
    {"ky", "kir", "", "Kyrgyz"},
    {"la", "lat", "", "Latin"},
    {"lb", "ltz", "", "Luxembourgish"},
    {"lg", "lug", "", "Ganda"},
    {"li", "lim", "", "Limburgish"},
    {"ln", "lin", "", "Lingala"},
    {"lo", "lao", "", "Lao"},
    {"lt", "lit", "", "Lithuanian"},
    {"lu", "lub", "", "Luba-Katanga"},
    {"lv", "lav", "", "Latvian"},
    {"mg", "mlg", "", "Malagasy"},
    {"mh", "mah", "", "Marshallese"},
    {"mi", "mri", "mao", "Maori"},
    {"mk", "mkd", "mac", "Macedonian"},
    {"ml", "mal", "", "Malayalam"},
    {"mn", "mon", "", "Mongolian"},
    {"mr", "mar", "", "Marathi"},
    {"ms", "msa", "may", "Malay"},
    {"mt", "mlt", "", "Maltese"},
    {"my", "mya", "bur", "Burmese"},
    {"na", "nau", "", "Nauru"},
    {"nb", "nob", "", "Norwegian Bokmål"},
    {"nd", "nde", "", "North Ndebele"},
    {"ne", "nep", "", "Nepali"},
    {"ng", "ndo", "", "Ndonga"},
    {"nl", "nld", "dut", "Dutch"},
    {"nn", "nno", "", "Norwegian Nynorsk"},
    {"no", "nor", "", "Norwegian"},
    {"nr", "nbl", "", "South Ndebele"},
    {"nv", "nav", "", "Navajo"},
    {"ny", "nya", "", "Chichewa"},
    {"oc", "oci", "", "Occitan"},
    {"oj", "oji", "", "Ojibwa"},
    {"om", "orm", "", "Oromo"},
    {"or", "ori", "", "Oriya"},
    {"os", "oss", "", "Ossetian"},
    {"pa", "pan", "", "Punjabi"},
    {"pi", "pli", "", "Pali"},
    {"pl", "pol", "", "Polish"},
    {"ps", "pus", "", "Pashto"},
    {"pt", "por", "", "Portuguese"},
    {"qu", "que", "", "Quechua"},
    {"rm", "roh", "", "Romansh"},
    {"rn", "run", "", "Rundi"},
    {"ro", "ron", "rum", "Romanian"},
    {"ru", "rus", "", "Russian"},
    {"rw", "kin", "", "Kinyarwanda"},
    {"sa", "san", "", "Sanskrit"},
    {"sc", "srd", "", "Sardinian"},
    {"sd", "snd", "", "Sindhi"},
    {"se", "sme", "", "Northern Sami"},
    {"sg", "sag", "", "Sango"},
    {"si", "sin", "", "Sinhala"},
    {"sk", "slk", "slo", "Slovak"},
    {"sl", "slv", "", "Slovenian"},
    {"sm", "smo", "", "Samoan"},
    {"sn", "sna", "", "Shona"},
    {"so", "som", "", "Somali"},
    {"sq", "sqi", "alb", "Albanian"},
    {"sr", "srp", "", "Serbian"},
    {"ss", "ssw", "", "Swati"},
    {"st", "sot", "", "Southern Sotho"},
    {"su", "sun", "", "Sundanese"},
    {"sv", "swe", "", "Swedish"},
    {"sw", "swa", "", "Swahili"},
    {"ta", "tam", "", "Tamil"},
    {"te", "tel", "", "Telugu"},
    {"tg", "tgk", "", "Tajik"},
    {"th", "tha", "", "Thai"},
    {"ti", "tir", "", "Tigrinya"},
    {"tk", "tuk", "", "Turkmen"},
    {"tl", "tgl", "", "Tagalog"},
    {"tn", "tsn", "", "Tswana"},
    {"to", "ton", "", "Tongan"},
    {"tr", "tur", "", "Turkish"},
    {"ts", "tso", "", "Tsonga"},
    {"tt", "tat", "", "Tatar"},
    {"tw", "twi", "", "Twi"},
    {"ty", "tah", "", "Tahitian"},
    {"ug", "uig", "", "Uyghur"},
    {"uk", "ukr", "", "Ukrainian"},
    {"ur", "urd", "", "Urdu"},
    {"uz", "uzb", "", "Uzbek"},
    {"ve", "ven", "", "Venda"},
    {"vi", "vie", "", "Vietnamese"},
    {"vo", "vol", "", "Volapük"},
    {"wa", "wln", "", "Walloon"},
    {"wo", "wol", "", "Wolof"},
    {"xh", "xho", "", "Xhosa"},
    {"yi", "yid", "", "Yiddish"},
    {"yo", "yor", "", "Yoruba"},
    {"za", "zha", "", "Zhuang"},
    {"zh", "zho", "chi", "Chinese"},
    {"zu", "zul", "", "Zulu"},
};

static bool is_code(const struct language *language, const char *code)
{
	return strcasecmp(code, language->two) == 0 || strcasecmp(code, language->three) == 0 ||
	       strcasecmp(code, language->bibliographic) == 0;
}

const struct language *language_find(const char *code)
{
	for (size_t i = 0; i < sizeof languages / sizeof *languages && code[0] != '\0'; i++)
		if (is_code(&languages[i], code))
			return &languages[i];
	return NULL;
}

/* Letters and digits between single hyphens, the first part of two or three letters. */
static bool is_tag(const char *text, size_t *primary)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t length = strspn(text, letters);

	*primary = length;
	if (strcspn(text, "0123456789") < length || length < 2 || length > 3)
		return false;
	while (text[length] == '-') {
		size_t part = strspn(text += length + 1, letters);

		if (part < 1 || part > 8)
			return false;
		length = part;
	}
	return text[length] == '\0';
}

bool language_tag(const char *code, char tag[LANGUAGE_TAG_MAX])
{
	static const char *const nothing[] = {"und", "mis", "mul", "zxx", "qaa"};
	char primary[4] = "";
	const struct language *language;
	size_t length;

	tag[0] = '\0';
	if (!is_tag(code, &length) || strlen(code) >= LANGUAGE_TAG_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		primary[i] = (char)(code[i] | 0x20);
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
		if (strcmp(primary, nothing[i]) == 0)
			return false;
	if ((language = language_find(primary)) != NULL)
		memcpy(primary, language->two, 3);
	memcpy(tag, primary, strlen(primary));
	memcpy(tag + strlen(primary), code + length, strlen(code + length) + 1);
	return true;
}
