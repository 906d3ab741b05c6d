"""The towns that postcode areas are named after. Pure.

The profile wants a town and a county in each address, and the market keeps neither: a postcode says
both better. So an address names the town of its postcode area and its part of the kingdom.
"""

from types import MappingProxyType

_ENGLAND = """
AL St Albans;B Birmingham;BA Bath;BB Blackburn;BD Bradford;BH Bournemouth;BL Bolton;BN Brighton;
BR Bromley;BS Bristol;CA Carlisle;CB Cambridge;CH Chester;CM Chelmsford;CO Colchester;CR Croydon;
CT Canterbury;CV Coventry;CW Crewe;DA Dartford;DE Derby;DH Durham;DL Darlington;DN Doncaster;
DT Dorchester;DY Dudley;E London;EC London;EN Enfield;EX Exeter;FY Blackpool;GL Gloucester;
GU Guildford;HA Harrow;HD Huddersfield;HG Harrogate;HP Hemel Hempstead;HR Hereford;HU Hull;
HX Halifax;IG Ilford;IP Ipswich;KT Kingston upon Thames;L Liverpool;LA Lancaster;LE Leicester;
LN Lincoln;LS Leeds;LU Luton;M Manchester;ME Rochester;MK Milton Keynes;N London;
NE Newcastle upon Tyne;NG Nottingham;NN Northampton;NR Norwich;NW London;OL Oldham;OX Oxford;
PE Peterborough;PL Plymouth;PO Portsmouth;PR Preston;RG Reading;RH Redhill;RM Romford;S Sheffield;
SE London;SG Stevenage;SK Stockport;SL Slough;SM Sutton;SN Swindon;SO Southampton;SP Salisbury;
SR Sunderland;SS Southend-on-Sea;ST Stoke-on-Trent;SW London;TA Taunton;TF Telford;TN Tonbridge;
TQ Torquay;TR Truro;TS Middlesbrough;TW Twickenham;UB Southall;W London;WA Warrington;WC London;
WD Watford;WF Wakefield;WN Wigan;WR Worcester;WS Walsall;WV Wolverhampton;YO York
"""
_SCOTLAND = """
AB Aberdeen;DD Dundee;DG Dumfries;EH Edinburgh;FK Falkirk;G Glasgow;HS Stornoway;IV Inverness;
KA Kilmarnock;KW Kirkwall;KY Kirkcaldy;ML Motherwell;PA Paisley;PH Perth;TD Galashiels;ZE Lerwick
"""
_WALES = "CF Cardiff;LD Llandrindod Wells;LL Llandudno;NP Newport;SA Swansea;SY Shrewsbury"
_ELSEWHERE = "GY Guernsey;IM Isle of Man;JE Jersey"

_PARTS = {
    "England": _ENGLAND,
    "Scotland": _SCOTLAND,
    "Wales": _WALES,
    "Northern Ireland": "BT Belfast",
    "Crown dependencies": _ELSEWHERE,
}
_TOWNS = MappingProxyType(
    {
        area: (town, part)
        for part, text in _PARTS.items()
        for area, _, town in (each.strip().partition(" ") for each in text.split(";"))
    }
)


def town_of(postcode: str) -> tuple[str, str]:
    """Return the town a postcode's area is named after, and its part of the kingdom."""
    letters = postcode[:2] if postcode[1:2].isalpha() else postcode[:1]
    return _TOWNS.get(letters.upper(), ("", ""))
