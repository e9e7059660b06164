// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// Holds what was deposited. A node credits its depositors in the dataset `accounts`.
contract Escrow {
    event Deposit(address indexed from, uint256 amount);

    mapping(address => uint256) public balanceOf;

    function deposit() external payable {
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, msg.value);
    }

    /// Two deposits that are equal in everything but their place in the transaction's log.
    function depositTwice() external payable {
        uint256 half = msg.value / 2;
        require(half * 2 == msg.value, "an even amount");
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, half);
        emit Deposit(msg.sender, half);
    }
}
