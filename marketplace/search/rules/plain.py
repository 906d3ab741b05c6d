"""Plain words that say how life is: right as they are typed.

Whoever writes that their husband died must not be asked whether he dried. They are compared as
stems, so "dies", "died" and "dying" are one.
"""

from marketplace.search.rules.words import stem

_UNREMARKED = (
    # What happens to people: that a market has nothing of that name is no news to them.
    "since die died dying dead death lost lose losing loss left leave leaving gone went born birth "
    "fell fall fallen falling broke break broken hurt hurts ill illness sick unwell poorly "
    "diagnosed diagnosis accident moved moving alone lonely sad sadness cry crying cried tears "
    "grieve grieving miss missed missing suffer suffering suffered pass passed married marry "
    "marriage divorce divorced separated pregnant retired retire fired sacked evicted homeless "
    "abused abuse hit hits beat beaten threatened bullied robbed attacked raped scared afraid "
    "frightened fear worry worried worries anxious angry anger upset tired exhausted weak "
    "ashamed shame guilty guilt hopeless helpless desperate struggle struggling cope coping "
    "stuck trapped confused forget forgot forgets forgotten remember remembers bored happy glad "
    "pain painful sore blind deaf dizzy numb stiff slow heavy bleeding blood breath breathe "
    # How and how much: nobody looks for these.
    "able unable alone together apart away off onto until till before after since while though "
    "although unless whether either neither both none nothing nobody nowhere everything "
    "less least most few several enough plenty half whole full empty only even ever yet already "
    "again often rarely seldom usually soon later lately recently suddenly finally quickly slowly "
    "almost nearly quite rather too very really truly maybe perhaps probably certainly "
    "big small large little long short high low old older oldest young younger youngest new newer "
    "good better best bad worse worst right wrong true false same different hard easy safe "
    "dangerous warm cold hot cool wet dry clean dirty dark light loud quiet busy free ready "
    "first second third last next past future now then today yesterday tonight "
    "seven eight nine ten hundred thousand dozen "
    "being been were was had has have having could would should might must shall cannot "
    "against among between beside beyond behind below above under across along toward towards "
    "without upon instead despite due per via "
    # How it is said in the north.
    "nowt owt summat gizza tek mek mi thee thi tha yer nesh mardy wee bairn bairns lass lad lads "
    "mither mithered fettle "
)
_SAID = (
    # Who and what they speak of.
    "man men woman women boy girl baby child children kid kids teenager adult friend neighbour "
    "brother sister twin fiance widow widower stranger doctor nurse hospital surgeon police "
    "life body heart head back leg legs arm arms hand hands foot feet knee hip eyes eye ear ears "
    "mouth teeth skin bone bones mind brain stomach chest "
    "house flat room door stairs floor street road town village city country morning night "
    "evening afternoon christmas birthday sunday summer winter spring autumn "
    "money cash pounds pay paid bill price poor rich debt debts rent "
    "truth word words name names story question answer reason idea hope hopes wish "
    # What they do and want.
    "ask asked asking said saying talk talked talking tell told call called calling phone phoned "
    "come came comes go goes going went stay stayed staying sit sits sat stand stands stood lie "
    "lying lay walk walks ran run move wait waited waiting stop stops stopped begin began begun "
    "open opened close closed shut carry carried hold held lift lifted push pull turn turned "
    "eat eats ate eaten drink drinks drank sleep sleeps slept wake wakes woke dream wash washed "
    "wear wore hear heard see saw seen watch watched think thinks thought believe believed "
    "understand understood decide decided choose chose change changed need needed want wanted "
    "send sent bring brought buy bought sell sold spend spent save saved share shared "
    "show showed shown give gave given take took taken put let allow allowed happen happened "
    "turn become became seem seems seemed matter matters mean means meant "
    "trust trusted promise promised agree agreed refuse refused argue argued shout shouted "
)
_UNREMARKED_STEMS = frozenset(stem(word) for word in _UNREMARKED.split())
_STEMS = _UNREMARKED_STEMS | frozenset(stem(word) for word in _SAID.split())


def is_plain(word: str) -> bool:
    """Tell whether a typed word is right as it stands, whatever the market has."""
    return stem(word) in _STEMS


def is_unremarked(word: str) -> bool:
    """Tell whether a word may be left out of a search without a remark."""
    return stem(word) in _UNREMARKED_STEMS
