"""A run as an ISO 20022 customer credit transfer, pain.001.001.09, for UK accounts in pounds.

Accounts are eight digits of the domestic kind (BBAN) behind a sort code of the UK clearing system
(GBDSC). The service level says how it goes: URNS is Faster Payments, NURG is Bacs. The file is
written payment by payment, so that its size is no matter of memory.
"""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from marketplace.kernel.clock import LONDON
from marketplace.kernel.money import Money
from marketplace.payments.rules import FileFormat, FileHead, FilePayment, plain

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NAME_LENGTH_MAX = 70
_SERVICE = {FileFormat.FASTER_PAYMENTS: "URNS", FileFormat.BACS_XML: "NURG"}


def write(
    file_format: FileFormat, head: FileHead, payments: Iterable[FilePayment]
) -> Iterator[bytes]:
    """Give a file piece by piece."""
    payer = head.payer
    name = escape(plain(payer.account_name, NAME_LENGTH_MAX))
    count, total = head.payments, _pounds(head.total)
    own = f"{payer.sort_code}{payer.account_number}"
    message = f"RUN-{head.run_number}-{own}"
    made = head.made_at.astimezone(LONDON).replace(microsecond=0).isoformat()
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{NAMESPACE}"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>{message}</MsgId><CreDtTm>{made}</CreDtTm><NbOfTxs>{count}</NbOfTxs>"
        f"<CtrlSum>{total}</CtrlSum><InitgPty><Nm>{name}</Nm></InitgPty></GrpHdr>\n"
        f"<PmtInf><PmtInfId>{message}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>"
        f"<NbOfTxs>{count}</NbOfTxs><CtrlSum>{total}</CtrlSum>"
        f"<PmtTpInf><SvcLvl><Cd>{_SERVICE[file_format]}</Cd></SvcLvl></PmtTpInf>"
        f"<ReqdExctnDt><Dt>{head.pay_on.isoformat()}</Dt></ReqdExctnDt>"
        f"<Dbtr><Nm>{name}</Nm></Dbtr>"
        f"<DbtrAcct>{_account(payer.account_number)}<Ccy>GBP</Ccy></DbtrAcct>"
        f"<DbtrAgt>{_bank(payer.sort_code)}</DbtrAgt><ChrgBr>SHAR</ChrgBr>\n"
    ).encode()
    for number, payment in enumerate(payments, start=1):
        yield _payment(f"{head.run_number}-{number}", payment).encode()
    yield b"</PmtInf></CstmrCdtTrfInitn></Document>\n"


def _payment(instruction: str, payment: FilePayment) -> str:
    reference = escape(payment.reference)
    return (
        f"<CdtTrfTxInf><PmtId><InstrId>{instruction}</InstrId>"
        f"<EndToEndId>{reference}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="GBP">{_pounds(payment.amount)}</InstdAmt></Amt>'
        f"<CdtrAgt>{_bank(payment.sort_code)}</CdtrAgt>"
        f"<Cdtr><Nm>{escape(plain(payment.account_name, NAME_LENGTH_MAX))}</Nm></Cdtr>"
        f"<CdtrAcct>{_account(payment.account_number)}</CdtrAcct>"
        f"<RmtInf><Ustrd>{reference}</Ustrd></RmtInf></CdtTrfTxInf>\n"
    )


def _account(number: str) -> str:
    return f"<Id><Othr><Id>{number}</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr></Id>"


def _bank(sort_code: str) -> str:
    return (
        "<FinInstnId><ClrSysMmbId><ClrSysId><Cd>GBDSC</Cd></ClrSysId>"
        f"<MmbId>{sort_code}</MmbId></ClrSysMmbId></FinInstnId>"
    )


def _pounds(amount: Money) -> str:
    pounds, pence = divmod(amount.pence, 100)
    return f"{pounds}.{pence:02}"
